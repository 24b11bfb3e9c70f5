"""Jobs: more states, priority, when a broker was told; and the database itself refuses a step that no job may take."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

revision = "0004_jobs"
down_revision = "0003_sealing"
branch_labels = None
depends_on = None

STATES = "state in ('queued', 'running', 'retry_wait', 'done', 'failed', 'timed_out', 'dead', 'cancelled')"
HOLDER = "(state = 'running') = (token is not null and lease_until is not null)"
EDGES = {
    "queued": ("running", "cancelled"),
    "running": ("queued", "retry_wait", "done", "failed", "timed_out", "dead", "cancelled"),
    "retry_wait": ("queued", "cancelled"),
    "failed": ("queued",),
    "timed_out": ("queued",),
    "dead": ("queued",),
    "cancelled": ("queued",),
}
ALLOWED = " or ".join(
    f"(old.state = '{state}' and new.state in ({', '.join(repr(then) for then in following)}))"
    for state, following in EDGES.items()
)
SQLITE = f"""
create trigger job_edges before update of state on job
when old.state <> new.state and not ({ALLOWED})
begin
  select raise(abort, 'job_edges');
end
"""
REFUSAL = "'job_edges' using errcode = 'check_violation', detail = old.state || ' to ' || new.state"
FUNCTION = f"create function job_edges() returns trigger language plpgsql as $$ begin raise exception {REFUSAL}; end $$"
POSTGRESQL = f"""
create trigger job_edges before update of state on job for each row
when (old.state <> new.state and not ({ALLOWED})) execute function job_edges()
"""


def upgrade() -> None:
    """Add the columns, widen the states, and guard the edges."""
    op.execute("update job set lease_until = null, token = null where state <> 'running'")
    op.execute("update job set state = 'queued', lease_until = null where state = 'running' and token is null")
    if op.get_bind().dialect.name == "sqlite":
        with op.batch_alter_table("job", copy_from=_as_it_was(), recreate="always") as job:
            job.drop_constraint("job_state", type_="check")
            _change(job)
        op.get_bind().exec_driver_sql(SQLITE)
        return
    op.drop_constraint("job_state", "job", type_="check")
    with op.batch_alter_table("job") as job:
        _change(job)
    for statement in (FUNCTION, POSTGRESQL):
        op.get_bind().exec_driver_sql(statement)


def _change(job: BatchOperations) -> None:
    job.add_column(sa.Column("priority", sa.Integer(), nullable=False, server_default="0"))
    job.add_column(sa.Column("published_at", sa.Float()))
    job.create_check_constraint("job_state", STATES)
    job.create_check_constraint("job_running_has_a_holder", HOLDER)


def _as_it_was() -> sa.Table:
    return sa.Table(
        "job",
        sa.MetaData(),
        sa.Column("id", sa.String(length=36), nullable=False, primary_key=True),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("arguments", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("run_at", sa.Float(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("lost_count", sa.Integer(), nullable=False),
        sa.Column("lease_until", sa.Float()),
        sa.Column("token", sa.String(length=36)),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("problem", sa.JSON()),
        sa.Column("result", sa.JSON()),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.Column("started_at", sa.Float()),
        sa.Column("finished_at", sa.Float()),
        sa.CheckConstraint("state in ('queued', 'running', 'done', 'failed', 'dead', 'cancelled')", name="job_state"),
        sa.Index("job_next", "state", "run_at"),
    )
