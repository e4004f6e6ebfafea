"""The base of every model: frozen, and closed to unknown fields."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any, Self

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
        kind, update = type(self), update or {}
        fields = kind.__pydantic_fields__
        values = {name: value for name, value in self.__dict__.items() if name in fields}
        copied = kind.__new__(kind)
        for name, value in (
            ("__dict__", {**values, **update}),
            ("__pydantic_fields_set__", self.__pydantic_fields_set__ | update.keys()),
            ("__pydantic_extra__", None),
            ("__pydantic_private__", None),
        ):
            object.__setattr__(copied, name, value)
        return copied
