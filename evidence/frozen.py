"""The base of every model: frozen, and closed to unknown fields."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict


class Frozen(BaseModel):
    """An immutable value that refuses fields it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @cached_property
    def written(self) -> dict[str, Any]:
        """The model as JSON would hold it, made once: it cannot change. Not to be altered."""
        return self.model_dump(mode="json", by_alias=True)

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A copy that has forgotten what was worked out from the values it no longer has.

        A verdict is asked in hundreds of ways, each with copies of its traces: pydantic's own copy costs four times as much.
        """
        if deep:
            return super().model_copy(update=update, deep=deep).model_copy()
        kind, update, given = type(self), update or {}, self.__pydantic_fields_set__
        fields = kind.__pydantic_fields__
        values = {name: value for name, value in self.__dict__.items() if name in fields}
        copied = kind.__new__(kind)
        for name, value in (
            ("__dict__", {**values, **update}),
            # nobody alters it, so that copies may share it
            ("__pydantic_fields_set__", given if update.keys() <= given else given | update.keys()),
            ("__pydantic_extra__", None),
            ("__pydantic_private__", None),
        ):
            object.__setattr__(copied, name, value)
        return copied


class Whole(Frozen):
    """A Frozen without optional fields, of which thousands are held.

    Pydantic keeps in each instance the names of the fields that were given: a set of 700 bytes, more than all else in
    it. Here they are always all, so that all instances of a model share one.
    """

    every: ClassVar[set[str]]

    @classmethod
    def __pydantic_init_subclass__(cls, **_: Any) -> None:
        """Notes the fields, once they are known."""
        cls.every = set(cls.__pydantic_fields__)

    def model_post_init(self, _: Any, /) -> None:
        """Lets go of the own set."""
        object.__setattr__(self, "__pydantic_fields_set__", self.every)
