"""Who comes in to a database as whom: the owner, who builds and keeps it, and the application, which works in it."""

from dataclasses import dataclass, replace

from sqlalchemy import make_url

from engine.errors import DefinitionError

APP_ROLE = "jixiao_app"
"""The role that has the application's rights, and the application's login where nobody chose another."""


class OwnerUnknown(DefinitionError):
    """Only the owner of the database may do this, and nobody said who that is."""

    code = "settings.owner_unknown"


@dataclass(frozen=True, slots=True)
class Logins:
    """One database by the URL of each login; a server that only works in it need not know the owner's."""

    application: str
    owner: str | None = None

    @classmethod
    def of_owner(cls, url: str) -> "Logins":
        """Both logins where the application's is called like its role and has the owner's password, or none."""
        application = make_url(url).set(username=APP_ROLE)
        return cls(application.render_as_string(hide_password=False), url)

    def beside(self, name: str) -> "Logins":
        """The same logins for the database of that name on the same server."""
        owner = None if self.owner is None else _beside(self.owner, name)
        return replace(self, application=_beside(self.application, name), owner=owner)

    def as_owner(self) -> str:
        """The owner's URL; refuses when nobody said it."""
        if self.owner is None:
            raise OwnerUnknown(
                "这件事要用数据库所有者的账号办，但没有设 DATABASE_OWNER_URL。请设好这个环境变量后再运行。"
            )
        return self.owner


def _beside(url: str, name: str) -> str:
    return make_url(url).set(database=name).render_as_string(hide_password=False)
