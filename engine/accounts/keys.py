"""Keys that seal what has to be read again (the secret of the second factor); they are never in the database."""

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from engine.accounts.refusals import KeysUnsound, SecretUnreadable


class Keys:
    """Several keys: the first seals, any of them opens, so that a new one can be put in front (Fernet, AES-128-CBC and
    HMAC-SHA-256)."""

    def __init__(self, fernets: list[Fernet]) -> None:
        self._fernets = MultiFernet(fernets)

    def seal(self, text: str) -> bytes:
        """The text so that only these keys open it."""
        return self._fernets.encrypt(text.encode())

    def open(self, sealed: bytes) -> str:
        """What was sealed; refuses what none of these keys sealed."""
        try:
            return self._fernets.decrypt(sealed).decode()
        except InvalidToken as reason:
            raise SecretUnreadable(
                "动态口令暂时不能核对：系统的密钥与保存时用的不同。请联系运维人员核对密钥设置（旧密钥要留在新密钥后面）。"
            ) from reason

    def seal_anew(self, sealed: bytes) -> bytes:
        """The same under the first key, after a new one was put in front; refuses what none of these keys sealed."""
        return self.seal(self.open(sealed))


def keys_from(text: str) -> Keys:
    """Keys as they are written in a setting or a file: 32 bytes in URL-safe base64 each, apart by commas or blanks.

    The first seals. Refuses a text without a key and one with a malformed key, never repeating it.
    """
    written = text.replace(",", " ").split()
    if not written:
        raise KeysUnsound(f"没有设置密钥。请写入至少一个密钥，例如用“{_MAKING}”生成。")
    try:
        return Keys([Fernet(key) for key in written])
    except ValueError as reason:
        raise KeysUnsound(
            "密钥的写法不对：每个密钥是 44 个字符（32 字节的 URL 安全 base64），用逗号或空格隔开。"
            f"请用“{_MAKING}”生成。"
        ) from reason


def new_key() -> str:
    """A new key as `keys_from` reads it."""
    return Fernet.generate_key().decode()


_MAKING = 'python -c "from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())"'
