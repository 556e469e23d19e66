"""The files that volumes put into a container."""

from __future__ import annotations

import json

import pytest

from truehop.kube.files import Files
from truehop.model.facts import Tri

from .hand import container_of, cut, world_of

CONFIG = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: conf}
data:
  main.cf: "inet_protocols = ipv4"
  extra.conf: "a = b"
  odd: [1]
binaryData: {logo: aGk=}
"""
SECRET = "apiVersion: v1\nkind: Secret\nmetadata: {name: keys}\ndata: {users: bWUK}\n"


def pod(mounts: list[object], volumes: list[object], **more: object) -> str:
    container = {"name": "main", "volumeMounts": mounts, **more}
    spec = {"containers": [container], "volumes": volumes}
    return json.dumps({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "mta"}, "spec": spec})


def files_of(mounts: list[object], volumes: list[object], *texts: str, **more: object) -> Files:
    return container_of(pod(mounts, volumes, **more), *texts).mounts


def mount(path: str, name: str = "v", **more: str) -> dict[str, str]:
    return {"name": name, "mountPath": path, **more}


CONF_VOLUME = {"name": "v", "configMap": {"name": "conf"}}


def paths(files: Files) -> list[str]:
    return [file.path for file in files.all()]


def test_every_key_of_a_config_map_is_a_file() -> None:
    files = files_of([mount("/etc/postfix/")], [CONF_VOLUME], CONFIG)
    assert paths(files) == ["/etc/postfix/extra.conf", "/etc/postfix/main.cf", "/etc/postfix/odd"]
    found = files.find("/etc/postfix/main.cf")
    assert found is not None
    assert found.text is not None
    assert found.text.value == "inet_protocols = ipv4"
    assert not found.is_secret


def test_a_file_stands_at_its_key() -> None:
    world = world_of(CONFIG, pod([mount("/etc")], [CONF_VOLUME]))
    found = world.workloads[0].containers[0].mounts.find("/etc/main.cf")
    assert found is not None
    assert cut(world, found.at) == "main.cf"


def test_a_file_that_is_no_text_is_wanted() -> None:
    found = files_of([mount("/etc")], [CONF_VOLUME], CONFIG).find("/etc/odd")
    assert found is not None
    assert (found.text, found.wants) == (None, "ConfigMap mail/conf, key odd")


def test_no_mount_puts_no_file_there() -> None:
    files = files_of([mount("/etc/postfix")], [CONF_VOLUME], CONFIG)
    assert files.find("/etc/postfix/none.cf") is None
    assert files.find("/srv/x") is None


def test_chosen_keys_have_paths_of_their_own() -> None:
    chosen = [
        {"key": "main.cf", "path": "conf.d/a.cf"}, {"key": "none", "path": "b"},
        {"key": "main.cf", "path": "/abs"},
        {"key": "main.cf", "path": "x/../../up"}, {"key": "", "path": "c"}, "word",
    ]  # fmt: skip
    files = files_of([mount("/etc")], [{"name": "v", "configMap": {"name": "conf", "items": chosen}}], CONFIG)
    assert paths(files) == ["/etc/b", "/etc/conf.d/a.cf"]
    missing = files.find("/etc/b")
    assert missing is not None
    assert missing.wants == "ConfigMap mail/conf, key none"


def test_a_config_map_outside_the_input_makes_the_folder_unknown() -> None:
    world = world_of(pod([mount("/etc/postfix")], [CONF_VOLUME]), namespace="mail")
    files = world.workloads[0].containers[0].mounts
    assert [(folder.path, folder.wants) for folder in files.unknown] == [
        ("/etc/postfix", "ConfigMap mail/conf")
    ]
    assert cut(world, files.unknown[0].at) == "v"
    found = files.find("/etc/postfix/main.cf")
    assert found is not None
    assert (found.path, found.text, found.wants) == ("/etc/postfix/main.cf", None, "ConfigMap mail/conf")


def test_chosen_keys_of_a_config_map_outside_the_input_are_known_by_name() -> None:
    volume = {"name": "v", "configMap": {"name": "conf", "items": [{"key": "main.cf", "path": "main.cf"}]}}
    files = files_of([mount("/etc")], [volume])
    assert paths(files) == ["/etc/main.cf"]
    assert files.unknown == []


def test_one_file_is_mounted_by_its_sub_path() -> None:
    files = files_of([mount("/etc/postfix/main.cf", subPath="main.cf")], [CONF_VOLUME], CONFIG)
    assert paths(files) == ["/etc/postfix/main.cf"]


def test_a_folder_is_mounted_by_its_sub_path() -> None:
    chosen = [{"key": "main.cf", "path": "d/a.cf"}, {"key": "extra.conf", "path": "other"}]
    volume = {"name": "v", "configMap": {"name": "conf", "items": chosen}}
    assert paths(files_of([mount("/etc/p", subPath="d/")], [volume], CONFIG)) == ["/etc/p/a.cf"]
    assert paths(files_of([mount("/etc/p", subPath=".")], [volume], CONFIG)) == [
        "/etc/p/d/a.cf",
        "/etc/p/other",
    ]


def test_a_sub_path_of_a_config_map_outside_the_input_is_unknown() -> None:
    found = files_of([mount("/etc/main.cf", subPath="main.cf")], [CONF_VOLUME]).find("/etc/main.cf")
    assert found is not None
    assert found.wants == "ConfigMap mail/conf"


def test_a_sub_path_may_hold_variables() -> None:
    by_name = mount("/etc/main.cf", subPathExpr="$(FILE)")
    known = files_of([by_name], [CONF_VOLUME], CONFIG, env=[{"name": "FILE", "value": "main.cf"}])
    assert paths(known) == ["/etc/main.cf"]
    source = {"configMapKeyRef": {"name": "x", "key": "y"}}
    unknown = files_of([by_name], [CONF_VOLUME], CONFIG, env=[{"name": "FILE", "valueFrom": source}])
    assert paths(unknown) == []
    assert unknown.unknown[0].wants == "ConfigMap mail/x, key y"


def test_a_deeper_mount_hides_what_stood_there() -> None:
    volume = {"name": "v", "configMap": {"name": "conf", "items": [
        {"key": "main.cf", "path": "top"}, {"key": "main.cf", "path": "conf.d/inner"},
    ]}}  # fmt: skip
    claim = {"name": "data", "persistentVolumeClaim": {"claimName": "c"}}
    files = files_of([mount("/etc/p/conf.d", "data"), mount("/etc/p")], [volume, claim], CONFIG)
    assert paths(files) == ["/etc/p/top"]
    found = files.find("/etc/p/conf.d/inner")
    assert found is not None
    assert found.wants == "the content of the persistentVolumeClaim data"


def test_a_known_mount_inside_an_unknown_one_is_known() -> None:
    scratch = {"name": "tmp", "emptyDir": {}}
    files = files_of([mount("/etc", "tmp"), mount("/etc/postfix")], [scratch, CONF_VOLUME], CONFIG)
    assert files.find("/etc/postfix/none") is None
    assert files.find("/etc/other") is not None
    assert [file.path for file in files.under("/etc/postfix/")] == paths(files)


def test_the_later_of_two_mounts_at_one_place_wins() -> None:
    scratch = {"name": "tmp", "emptyDir": {}}
    files = files_of([mount("/etc", "tmp"), mount("/etc")], [scratch, CONF_VOLUME], CONFIG)
    assert files.unknown == []
    assert files.find("/etc/none") is None


def test_a_volume_that_the_pod_does_not_name_is_a_claim() -> None:
    assert files_of([mount("/srv", "data")], []).unknown[0].wants == "a volume claim"


def test_a_volume_without_a_kind_is_unknown() -> None:
    assert files_of([mount("/srv")], [{"name": "v"}]).unknown[0].wants == "the content of the volume v"


def test_secret_files_are_marked() -> None:
    volume = {"name": "v", "secret": {"secretName": "keys"}}
    found = files_of([mount("/run")], [volume], SECRET).find("/run/users")
    assert found is not None
    assert found.is_secret
    assert found.text is not None
    assert found.text.value == "me\n"


def test_a_projected_volume_holds_the_files_of_all_its_sources() -> None:
    parts = [
        {"configMap": {"name": "conf"}}, {"secret": {"name": "keys"}},
        {"serviceAccountToken": {"path": "token"}},
        {"downwardAPI": {"items": [{"path": "labels"}, {"path": "/bad"}]}},
    ]  # fmt: skip
    volume = {"name": "v", "projected": {"sources": parts}}
    files = files_of([mount("/p")], [volume], CONFIG, SECRET)
    assert paths(files) == ["/p/extra.conf", "/p/labels", "/p/main.cf", "/p/odd", "/p/users"]
    partial = files_of([mount("/p")], [volume], SECRET)
    assert partial.find("/p/main.cf") is not None
    assert partial.unknown[0].wants == "ConfigMap mail/conf"


def test_what_is_missing_of_a_projected_volume_is_told_before_a_secret() -> None:
    parts = [{"secret": {"name": "none"}}, {"configMap": {"name": "none"}}]
    volume = {"name": "v", "projected": {"sources": parts}}
    [unknown] = files_of([mount("/p")], [volume]).unknown
    assert (unknown.wants, unknown.is_secret) == ("ConfigMap mail/none", False)
    secret = {"name": "v", "projected": {"sources": parts[:1]}}
    assert files_of([mount("/p")], [secret]).unknown[0].is_secret


@pytest.mark.parametrize(("is_closed", "wants"), [(Tri.YES, []), (Tri.UNKNOWN, ["ConfigMap mail/none"])])
def test_an_optional_source_is_absent_where_the_input_is_all_there_is(
    is_closed: Tri, wants: list[str]
) -> None:
    source = {"name": "none", "optional": True}
    volumes: list[dict[str, object]] = [
        {"configMap": source},
        {"projected": {"sources": [{"configMap": source}]}},
    ]
    for volume in volumes:
        text = pod([mount("/p")], [{"name": "v", **volume}])
        files = container_of(text, is_closed=is_closed).mounts
        assert [folder.wants for folder in files.unknown] == wants


def test_a_key_that_an_optional_source_lacks_is_no_file() -> None:
    items = [{"key": "none", "path": "none"}, {"key": "odd", "path": "odd"}]
    for optional, expected in ((True, ["/p/odd"]), (False, ["/p/none", "/p/odd"])):
        volume = {"name": "v", "configMap": {"name": "conf", "items": items, "optional": optional}}
        assert paths(files_of([mount("/p")], [volume], CONFIG)) == expected


def test_mounts_of_unknown_content_may_put_files_into_a_folder() -> None:
    scratch = {"name": "tmp", "emptyDir": {}}
    mounts: list[object] = [mount("/etc", "tmp"), mount("/etc/postfix"), mount("/etc/postfix/sub", "tmp")]
    files = files_of(mounts, [scratch, CONF_VOLUME], CONFIG)
    found = {
        folder: [one.path for one in files.unknown_at(folder)]
        for folder in ("/etc/x/", "/etc/postfix", "/srv")
    }
    assert found == {"/etc/x/": ["/etc"], "/etc/postfix": ["/etc/postfix/sub"], "/srv": []}


@pytest.mark.parametrize("broken", ["word", {"name": "v"}, {"name": "v", "mountPath": ["x"]}, 7])
def test_a_mount_of_a_wrong_shape_is_passed_over(broken: object) -> None:
    assert files_of([broken], [CONF_VOLUME, "word"], CONFIG).all() == []


def test_more_files_than_any_container_has_are_unknown() -> None:
    keys = json.dumps(
        {
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {"name": "conf"},
            "data": {f"k{number}": "" for number in range(300)},
        }
    )
    files = files_of([mount(f"/m{number}") for number in range(70)], [CONF_VOLUME], keys)
    assert len(files.all()) == 19_800
    assert {folder.wants for folder in files.unknown} == {"a sensible number of files"}


def test_paths_are_told_as_a_shell_would() -> None:
    files = files_of([mount("etc//postfix/./")], [CONF_VOLUME], CONFIG)
    assert files.find("//etc/postfix/x/../main.cf") is not None
