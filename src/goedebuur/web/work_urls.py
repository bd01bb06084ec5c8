"""Addresses of the pages on which decisions are entered, checked and published."""

from django.urls import path

from goedebuur.web.views import draft_checks, draft_documents, drafts

urlpatterns = [
    path("", drafts.all_drafts, name="drafts"),
    path("nieuw/", drafts.new, name="draft-new"),
    path("formulier.xlsx", draft_documents.template, name="draft-template"),
    path("rekenblad/", draft_documents.from_sheet, name="draft-sheet"),
    path("<int:draft_id>/", drafts.draft, name="draft"),
    path("<int:draft_id>/besluit/", drafts.decision, name="draft-decision"),
    path("<int:draft_id>/voorschrift/", drafts.new_condition, name="draft-condition-new"),
    path("<int:draft_id>/voorschrift/<name:key>/", drafts.condition, name="draft-condition"),
    path("<int:draft_id>/beide/<name:key>/", drafts.resolve, name="draft-resolve"),
    path("<int:draft_id>/document/", draft_documents.attach, name="draft-attach"),
    path("<int:draft_id>/document/<digest:sha256>/", draft_documents.document, name="draft-document"),
    path("<int:draft_id>/document/<digest:sha256>/<int:page>.png", draft_documents.page_image, name="draft-page"),
    path(
        "<int:draft_id>/document/<digest:sha256>/voorstel/<int:number>/",
        draft_documents.proposal,
        name="draft-proposal",
    ),
    path("<int:draft_id>/controle/", draft_checks.first, name="draft-check"),
    path("<int:draft_id>/controle/<name:key>/", draft_checks.part, name="draft-check-part"),
    path("<int:draft_id>/publiceren/", draft_checks.publish, name="draft-publish"),
]
