from tests.cast import Person, Scene, Workspace, run_sql, threads


def test_everybody_is_known_by_token_and_by_session(workspace: Workspace, zoe: Person) -> None:
    for person in [*workspace.people.values(), zoe]:
        for api in (person.api, person.read_api, person.session_api):
            answer = api.get("/api/members")
            assert answer.status_code == 200
            assert str(person.id) in {item["id"] for item in answer.json()["items"]}


def test_a_board_is_furnished(board: Scene, mia: Person) -> None:
    shown = mia.api.get(f"/api/boards/{board.id}/snapshot").json()
    assert [len(shown["tickets"]), len(shown["columns"]), len(shown["labels"])] == [4, 4, 2]
    assert board.version == shown["version"]


def test_sql_is_run_as_the_role_that_was_named(workspace: Workspace) -> None:
    roles = [run_sql("SELECT current_user", role=role)[0][0] for role in ("app", "worker", "migrator", "superuser")]
    assert roles == ["tika_app", "tika_worker", "tika_owner", "postgres"]
    assert run_sql("SELECT count(*) FROM tenancy_membership", tenant=workspace.id) == [(4,)]


def test_threads_answer_in_order() -> None:
    assert threads(3, lambda number: number * 10) == [0, 10, 20]
