"""What an image's own main.cf says, as parameters that a mounted master.cf builds upon."""

from __future__ import annotations

from truehop.adapters.images import ImageReading
from truehop.adapters.postfix.expansion import MadeText
from truehop.adapters.postfix.main_cf import Parameter
from truehop.adapters.settings import look_up
from truehop.model.facts import Basis, Location
from truehop.model.hops import Header


def base_parameters(image: ImageReading) -> dict[str, Parameter]:
    """The parameters of the profile, with those that its switch and its variables set."""
    found = {
        name: _parameter(image, name, value, image.image_at, Basis.DEFAULT)
        for name, value in image.program.settings.items()
    }
    if image.mode.value is not Header.NEVER or not image.mode.is_known:
        at = image.switch_at or image.image_at
        for name, value in image.program.switched_settings.items():
            found[name] = _parameter(image, name, value, at, image.mode.basis)
    for name, env in image.program.env_settings.items():
        variable = look_up(image.container, env)
        if variable.text is not None and not variable.is_secret:
            found[name] = Parameter(_word(image, name, variable.at), (variable.text,), variable.basis)
        elif not variable.is_unset:
            found.pop(name, None)
    return found


def _parameter(image: ImageReading, name: str, value: str, at: Location, basis: Basis) -> Parameter:
    return Parameter(_word(image, name, at), (_word(image, value, at),), basis)


def _word(image: ImageReading, value: str, at: Location) -> MadeText:
    return MadeText(value, image.container.cursor.get("image"), 0, at)
