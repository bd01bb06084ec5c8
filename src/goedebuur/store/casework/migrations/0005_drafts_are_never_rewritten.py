from django.db import migrations

from goedebuur.store.casework import append_only


class Migration(migrations.Migration):
    dependencies = [("casework", "0004_drafts")]

    operations = [migrations.RunPython(*append_only.on("casework_draftchange", "casework_draft"))]
