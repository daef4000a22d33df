from bucketpass import errors
from bucketpass.errors import BucketpassError, SignInRefused
from bucketpass.exit_status import MEANING, OTHER, STATUS_OF, USAGE, status_of


def test_every_cause_has_a_status_of_its_own():
    """A script can tell them apart."""
    causes = {
        found
        for found in vars(errors).values()
        if isinstance(found, type) and issubclass(found, BucketpassError)
    } - {BucketpassError}
    assert set(STATUS_OF) == causes
    assert len(set(STATUS_OF.values())) == len(causes)
    assert not {0, OTHER, USAGE} & set(STATUS_OF.values())
    assert set(STATUS_OF.values()) < set(MEANING)


def test_a_narrower_cause_has_the_status_of_its_base():
    """Subclasses need no line in the table."""

    class Narrower(SignInRefused):
        """For this test."""

    assert status_of(Narrower()) == STATUS_OF[SignInRefused]
    assert status_of(BucketpassError()) == OTHER


def test_an_error_says_what_and_what_to_do():
    """Own words replace those of the class one by one."""
    assert str(errors.NotSignedIn()) == "You are not signed in. Run `bucketpass login`."
    assert str(errors.NotSignedIn("Hm.", remedy="So.")) == "Hm. So."
