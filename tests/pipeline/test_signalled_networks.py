"""Networks that streams name or carry: the user's list, what is used, what is refused, and nothing is fetched."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest
from order.order_material import encode
from painting import UNIT, Run, brightening, doubling, gfv, gfve, injected, paint

from generators.errors import ModelError
from generators.known import Registry, place

URI, TAG = "https://example.org/t.onnx", "tag:example.org,2026:onnx"
NAMED = {"gfv_nn_mode_idc": 1, "gfv_nn_tag_uri": TAG, "gfv_nn_uri": URI}


@pytest.fixture
def models(tmp_path):
    """The three networks as files, and a list of networks of its own."""
    for name, model in (("paint", paint()), ("doubling", doubling()), ("brightening", brightening())):
        (tmp_path / f"{name}.onnx").write_bytes(model.main)
    return tmp_path


@pytest.fixture(scope="module")
def intra():
    return encode("avc", "keyint=1", 1)


@pytest.fixture
def named(intra, models):
    return injected(
        intra,
        [gfv(0, n, 8 * n * UNIT, base=n == 0, **(NAMED if n == 0 else {})) for n in range(3)],
        models / "named.264",
    )


def shown(models, path, *options, registry=None):
    """First luma samples of what decode shows, and the run itself."""
    out = models / "out.yuv"
    where = models / "list.json" if registry is None else registry
    done = Run("decode", path, "-o", out, "--generator", models / "paint.onnx", "--registry", where, *options)
    if done.returncode:
        return None, done
    data = out.read_bytes()
    size = 64 * 64 * 3 // 2
    return [data[n * size] for n in range(len(data) // size)], done


def luma(level: int) -> int:
    return round(16 + 219 * level / 256)


def test_a_name_is_looked_up_in_the_users_list(models, named):
    levels, done = shown(models, named)
    assert levels[1:] == [luma(8), luma(16)]
    assert f"gfv models register {URI} FILE.onnx" in done.stderr
    assert Run("models", "register", URI, models / "doubling.onnx", "--registry", models / "list.json").returncode == 0
    levels, done = shown(models, named)
    assert levels[1:] == [luma(16), luma(32)]
    assert "doubling on CPUExecutionProvider, paint on CPUExecutionProvider" in done.stderr
    levels, _ = shown(models, named, "--networks", "ignore")
    assert levels[1:] == [luma(8), luma(16)]


def test_a_network_that_is_required_and_unknown_is_an_error(models, named):
    _, done = shown(models, named, "--networks", "require")
    assert done.returncode == 1
    assert URI in done.stderr
    assert "gfv models register" in done.stderr
    assert not (models / "out.yuv").exists()


def test_a_file_that_has_changed_is_refused(models, named):
    Run("models", "register", URI, models / "doubling.onnx", "--registry", models / "list.json")
    (models / "doubling.onnx").write_bytes(brightening().main)
    _, done = shown(models, named)
    assert done.returncode == 1
    assert "is not the file that was registered" in done.stderr


def test_a_network_of_another_kind_is_refused(models, named):
    Run("models", "register", URI, models / "brightening.onnx", "--registry", models / "list.json")
    _, done = shown(models, named)
    assert done.returncode == 1
    assert "of EnhancerNN, where TranslatorNN is needed" in done.stderr


def test_the_kind_counts_if_it_was_given(models, named):
    where = ("--registry", models / "list.json")
    Run("models", "register", URI, models / "doubling.onnx", "--tag-uri", "tag:other", *where)
    levels, done = shown(models, named)
    assert levels[1] == luma(8)
    assert "not known here" in done.stderr
    Run("models", "register", URI, models / "doubling.onnx", "--tag-uri", TAG, *where)
    assert shown(models, named)[0][1] == luma(16)


def test_the_users_own_choice_comes_before_the_streams(models, named):
    levels, done = shown(models, named, "--translator", models / "doubling.onnx")
    assert levels[1:] == [luma(16), luma(32)]
    assert "register" not in done.stderr


def test_a_network_holds_until_the_next_base_message(models):
    records = [gfv(au, n, 8 * UNIT * n, base=n == 0) for au in (0, 1) for n in (0, 1)]
    records[0] |= NAMED
    path = injected(encode("avc", "keyint=1", 2), records, models / "two.264")
    Run("models", "register", URI, models / "doubling.onnx", "--registry", models / "list.json")
    levels, _ = shown(models, path)
    assert [levels[1], levels[3]] == [luma(16), luma(8)]


def test_enhancers_are_named_by_gfve_messages(models, intra):
    records = [gfv(0, n, 8 * UNIT * n, base=n == 0) for n in range(2)]
    records += [gfve(0, n, 32 * UNIT, base=n == 0) for n in range(2)]
    records[2] |= {"gfve_nn_mode_idc": 1, "gfve_nn_tag_uri": TAG, "gfve_nn_uri": URI}
    path = injected(intra, records, models / "s.264")
    Run("models", "register", URI, models / "brightening.onnx", "--registry", models / "list.json")
    levels, done = shown(models, path)
    assert levels[1] == luma(40)
    assert "1 picture enhanced" in done.stderr


def test_the_list_lies_where_the_environment_says(models, monkeypatch):
    monkeypatch.delenv("GFV_MODEL_REGISTRY", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(models / "config"))
    assert place() == models / "config" / "gfv" / "models.json"
    assert Run("models", "register", URI, models / "doubling.onnx", "--name", "twice").returncode == 0
    entry = Registry(models / "config" / "gfv" / "models.json").find(URI, "any")
    assert entry.name == "twice"
    assert "twice" in Run("models", "list").stdout
    monkeypatch.setenv("GFV_MODEL_REGISTRY", str(models / "other.json"))
    assert place() == models / "other.json"
    assert place("given") == Path("given")
    assert "twice" not in Run("models", "list").stdout


def test_entries_are_replaced_and_forgotten(models):
    where = ("--registry", models / "list.json")
    for name in ("doubling", "brightening"):
        Run("models", "register", URI, models / f"{name}.onnx", *where)
    (entry,) = Registry(models / "list.json").entries
    assert entry.path.endswith("brightening.onnx")
    assert Run("models", "forget", URI, *where).returncode == 0
    assert not Registry(models / "list.json").entries
    assert Run("models", "forget", URI, *where).returncode == 1


def test_what_is_no_network_is_not_registered(models):
    (models / "bad.onnx").write_bytes(b"rubbish")
    done = Run("models", "register", URI, models / "bad.onnx", "--registry", models / "list.json")
    assert done.returncode == 1
    assert "not an ONNX file" in done.stderr
    assert not (models / "list.json").exists()


def test_what_no_message_names_is_not_registered(models):
    assert Run("models", "export", "warp", "-o", models / "warp.onnx").returncode == 0
    done = Run("models", "register", URI, models / "warp.onnx", "--registry", models / "list.json")
    assert done.returncode == 1
    assert "is a GenerativeNN, which no message names" in done.stderr
    assert not (models / "list.json").exists()


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        "{",
        '{"networks": [1]}',
        '{"networks": [{"uri": "a"}]}',
        '{"networks": [{"uri": "a", "path": "b", "sha256": "12"}]}',
        json.dumps({"networks": [{"uri": "a", "path": "b", "sha256": "0" * 64, "run": "c"}]}),
    ],
)
def test_lists_that_are_none(models, text):
    (models / "list.json").write_text(text)
    with pytest.raises(ModelError, match="is no list of networks"):
        Registry(models / "list.json")
    done = Run("models", "list", "--registry", models / "list.json")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)


def test_names_cannot_reach_the_terminal_as_they_are(models, intra):
    evil = {**NAMED, "gfv_nn_uri": "file:x; rm -rf \x1b[2J$HOME"}
    path = injected(intra, [gfv(0, 0, 0.0, base=True, **evil)], models / "evil.264")
    _, done = shown(models, path)
    assert done.returncode == 0
    assert "\x1b" not in done.stderr
    assert "'file:x; rm -rf \\x1b[2J$HOME'" in done.stderr


def test_what_a_list_says_cannot_reach_the_terminal_as_it_is(models, named):
    evil = "\x1b[31m\u202e\ud800"
    entries = [{"uri": uri, "path": f"/{evil}.onnx", "name": evil, "sha256": "0" * 64} for uri in (URI, evil)]
    (models / "list.json").write_text(json.dumps({"networks": entries}))
    for words in (("list",), ("signalled", named)):
        done = Run("models", *words, "--registry", models / "list.json")
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.replace("\n", "").isprintable()
        assert r"/\x1b[31m\u202e\ud800.onnx" in done.stdout
    done = Run("decode", named, "-o", models / "out.y4m", "--registry", models / "list.json")
    assert (done.returncode, done.stderr.count("\n"), done.stderr[:-1].isprintable()) == (1, 1, True)


def test_a_list_without_end_is_refused(models):
    done = Run("models", "list", "--registry", "/dev/zero")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "too long for a list" in done.stderr


UNITS = bytes([0, 4, 2, 0]) + bytes([0, 5, 0b010110, 1, 2])


@pytest.fixture
def carrying(intra, models):
    payload = base64.b64encode(UNITS).decode()
    records = [gfv(0, n, 8 * UNIT * n, base=n == 0) for n in range(2)]
    records[0] |= {"gfv_nn_mode_idc": 0, "gfv_nn_payload_byte": payload}
    return injected(intra, records, models / "carrying.264")


def test_carried_networks_are_listed_and_saved_and_never_run(models, carrying):
    levels, done = shown(models, carrying)
    assert levels[1] == luma(8)
    assert "gfv models save" in done.stderr
    assert shown(models, carrying, "--networks", "require")[1].returncode == 1
    listed = Run("models", "signalled", carrying).stdout.splitlines()
    assert listed == [
        "access unit 0, id 0: TranslatorNN, carried, 9 bytes",
        "  NNR_STR, start: 4 bytes",
        "  NNR_NDU, compressed data: 5 bytes",
    ]
    out = models / "network.nnr"
    assert Run("models", "save", carrying, "-o", out).returncode == 0
    assert out.read_bytes() == UNITS


def test_named_networks_are_listed_with_what_is_known(models, named):
    where = ("--registry", models / "list.json")
    assert "not registered" in Run("models", "signalled", named, *where).stdout
    Run("models", "register", URI, models / "doubling.onnx", *where)
    assert f"registered as {models / 'doubling.onnx'}" in Run("models", "signalled", named, *where).stdout


def test_which_network_is_saved(models):
    def network(data: bytes) -> dict:
        return {"gfv_nn_mode_idc": 0, "gfv_nn_payload_byte": base64.b64encode(data).decode()}

    records = [gfv(au, 0, 0.0, base=True, **network(b"one" if au < 2 else b"two")) for au in range(3)]
    path = injected(encode("avc", "keyint=1", 3), records, models / "s.264")
    out = models / "network.nnr"
    done = Run("models", "save", path, "-o", out)
    assert done.returncode == 1
    assert "2 different networks" in done.stderr
    assert Run("models", "save", path, "-o", out, "--au", 2).returncode == 0
    assert out.read_bytes() == b"two"
    for nothing in (("--id", 7), ("--network", "enhancer"), ("--au", 9)):
        assert Run("models", "save", path, "-o", out, *nothing).returncode == 1
    assert out.read_bytes() == b"two"


def test_reserved_modes_are_passed_over(models, intra):
    record = gfv(0, 0, 0.0, base=True, gfv_nn_present_flag=1, gfv_nn_mode_idc=5)
    path = injected(intra, [record], models / "s.264")
    _, done = shown(models, path)
    assert done.returncode == 0
    assert "gfv_nn_mode_idc 5 is reserved" in done.stderr
    assert Run("models", "signalled", path).stdout == "access unit 0, id 0: TranslatorNN, reserved mode 5\n"
