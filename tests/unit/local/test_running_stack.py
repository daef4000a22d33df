import pytest

from local.failure import LocalRunError
from local.outputs_file import write_outputs
from local.ports import free_port
from local.run_folder import RunFolder
from local.running_stack import RunningStack


@pytest.fixture
def port():
    return free_port()


@pytest.fixture
def folder(tmp_path, port):
    """The outputs of a stack that has ended without removing them."""
    outputs = {
        "EndpointUrl": f"http://127.0.0.1:{port}",
        "UserPoolId": "eu-west-1_Pool",
        "UserPoolClientId": "client",
        "IdentityPoolId": "eu-west-1:pool",
        "Users": [{"username": "alice", "password": "Aa1-x", "groups": []}],
    }
    write_outputs(outputs, tmp_path)
    return tmp_path


def test_stack_that_has_ended_says_so(folder, port):
    """Outputs left by a killed run lead to one sentence, not to a traceback."""
    with pytest.raises(LocalRunError, match=rf"at http://127\.0\.0\.1:{port} has ended"):
        RunningStack(folder).sign_in("alice")
    with pytest.raises(LocalRunError, match="has ended"):
        RunningStack(folder).function_environments()


def test_unknown_user_names_those_there_are(folder):
    """A wrong name is answered with the right ones."""
    with pytest.raises(LocalRunError, match="no user 'eve'; there are: alice"):
        RunningStack(folder).sign_in("eve")


def test_environment_is_that_of_its_own_port(folder, port):
    """The environment is read from the folder of the stack that the outputs name."""
    RunFolder(folder, port + 1).write_environment({"ApiFunction": {"A": "other"}})
    RunFolder(folder, port).write_environment({"ApiFunction": {"A": "mine"}})
    assert RunningStack(folder).function_environments() == {"ApiFunction": {"A": "mine"}}


def test_no_stack_at_all_says_how_to_start(tmp_path):
    """Without outputs the sentence names the command that starts a stack."""
    with pytest.raises(LocalRunError, match="make run"):
        RunningStack(tmp_path)


def test_password_is_that_of_the_outputs(folder):
    """What a person types on the page is printed on demand, for whoever there is."""
    assert RunningStack(folder).password("alice") == "Aa1-x"
    with pytest.raises(LocalRunError, match="no user 'eve'"):
        RunningStack(folder).password("eve")
