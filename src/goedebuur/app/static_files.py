"""Static files under names with a digest, the modules that scripts import among them."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedModules(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Storage that also writes the hashed names into `import` statements, so that no old module meets a new one."""

    support_js_module_import_aggregation = True
