from django.db import migrations

from goedebuur.store.casework import append_only


class Migration(migrations.Migration):
    dependencies = [("casework", "0002_cases")]

    operations = [migrations.RunPython(append_only.forbid, append_only.allow)]
