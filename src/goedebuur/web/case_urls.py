"""Addresses of the pages on which cases are worked on, under `/werk/`."""

from django.urls import path

from goedebuur.web.views import attention, case_answers, case_mail, case_steps, cases, delivering, duties, signing_in

urlpatterns = [
    path("", cases.mine, name="work"),
    path("inloggen/", signing_in.SignIn.as_view(), name="work-sign-in"),
    path("uitloggen/", signing_in.SignOut.as_view(), name="work-sign-out"),
    path("leveren/", delivering.deliver, name="deliver"),
    path("plichten/", duties.duties, name="duties"),
    path("plichten/agenda.ics", duties.as_calendar, name="duties-calendar"),
    path("aandacht/", attention.sites, name="attention"),
    path("aandacht/<site:site_id>/", attention.site, name="attention-site"),
    path("zaken/", cases.all_cases, name="cases"),
    path("zaken/nieuw/", cases.new, name="case-new"),
    path("zaken/<name:name>/", cases.case, name="case"),
    path("zaken/<name:name>/antwoord/", case_answers.answer, name="case-answer"),
    path("zaken/<name:name>/reactie/", case_answers.reply, name="case-reply"),
    path("zaken/<name:name>/naast-elkaar/", case_answers.sides, name="case-sides"),
    path("post/", case_mail.unplaced, name="case-mail"),
    path("post/<int:message>/", case_mail.place, name="case-mail-place"),
    path("post/<int:message>/bestand/<digest:sha256>/", case_mail.unplaced_file, name="case-mail-file"),
    path("zaken/<name:name>/bestand/<digest:sha256>/", case_mail.case_file, name="case-file"),
    path("zaken/<name:name>/stap/<name:event>/", case_steps.step, name="case-step"),
    path("zaken/<name:name>/betrokkene/", case_steps.add_party, name="case-party-add"),
    path("zaken/<name:name>/betrokkene/<int:party>/weg/", case_steps.remove_party, name="case-party-remove"),
    path("zaken/<name:name>/taak/", case_steps.add_task, name="case-task-add"),
    path("zaken/<name:name>/taak/<int:task>/klaar/", case_steps.finish_task, name="case-task-done"),
]
