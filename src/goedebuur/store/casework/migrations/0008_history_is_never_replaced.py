from django.db import migrations

from goedebuur.store.casework import append_only


class Migration(migrations.Migration):
    dependencies = [("casework", "0007_received_mail_is_handled")]

    operations = [
        migrations.RunPython(*append_only.against_replacing("casework_caseevent", "casework", "case_id", "number")),
        migrations.RunPython(
            *append_only.against_replacing("casework_draftchange", "casework_draft", "draft_id", "revision")
        ),
    ]
