"""Migrations: none forgotten, each release brought to now with its data, on both databases."""

from __future__ import annotations

from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from tests.store.accounts.releases import EXPECTED, RELEASES, fill, read

from goedebuur import __version__


@pytest.mark.parametrize("release", RELEASES)
def test_data_of_a_release_survive_the_migration_to_now(empty_database: str, release: str) -> None:
    connection = connections[empty_database]
    executor = MigrationExecutor(connection)
    targets = [*RELEASES[release], ("auth", executor.loader.graph.leaf_nodes("auth")[0][1])]
    fill(executor.migrate(targets).apps, empty_database)
    newer = MigrationExecutor(connection)
    newer.migrate(newer.loader.graph.leaf_nodes())
    assert read(apps, empty_database) == EXPECTED


def test_models_have_no_change_without_a_migration(database: str) -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0, stdout=StringIO())


def test_every_migration_is_applied_after_migrate(database: str) -> None:
    executor = MigrationExecutor(connections[database])
    assert executor.migration_plan(executor.loader.graph.leaf_nodes()) == []


def test_releases_name_migrations_that_are_there() -> None:
    known = MigrationLoader(None).graph.nodes
    assert {target for targets in RELEASES.values() for target in targets} <= set(known)


def test_this_version_is_among_the_releases() -> None:
    assert __version__ in RELEASES
