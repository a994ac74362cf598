"""`dh-train` from an empty folder to packages that the host serves, and what it says when it can't."""

import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import torch
import yaml
from click.testing import CliRunner

from dh_training.command import main
from dh_training.config import ConfigError, as_plain, read_config
from dh_training.processes import SETTINGS, restart_with_settings
from dh_training.training.roles import ROLE_NAMES, find_role
from dh_training.training.runs import sources_of

ROOT = Path(__file__).parents[2]
SMALL = ROOT / "python/config/small.yaml"
FULL = ROOT / "python/config/full.yaml"


def run(*args: object) -> subprocess.CompletedProcess[str]:
    """As a user would, in a process of its own."""
    command = [sys.executable, "-m", "dh_training.command", *map(str, args)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def invoke(*args: object) -> tuple[int, str]:
    """In this process: quicker, for what does not train."""
    result = CliRunner().invoke(main, [str(arg) for arg in args])
    return result.exit_code, result.output


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("small")
    done = run("all", "--config", SMALL, "--out", out)
    assert done.returncode == 0, done.stderr
    return out


def test_small_sequence_ends_with_packages_that_the_host_takes(trained: Path, tmp_path: Path) -> None:
    for role in read_config(SMALL).roles:
        (package,) = (trained / "models" / role).iterdir()
        code, said = invoke("verify", package)
        assert (code, "sound" in said) == (0, True), said
    host = tmp_path / "host.yaml"
    roles = {find_role(role).plugin_role: {"plugin": role} for role in read_config(SMALL).roles}
    models = shutil.copytree(trained / "models", tmp_path / "models")
    host.write_text(yaml.safe_dump({"version": 1, "models": {"directory": str(models)}, "roles": roles}))
    program = ROOT / "dist/src/main.js"
    assert program.is_file(), f"no {program}; run scripts/setup"
    checked = subprocess.run(["node", program, "config", "check", host], capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stderr) == (0, "")
    (models / "warm-start/1/card.md").write_text("another card")
    checked = subprocess.run(["node", program, "config", "check", host], capture_output=True, text=True, check=False)
    assert checked.returncode == 1
    assert "model-checksum" in checked.stderr


def test_small_sequence_learns_and_its_card_says_from_what(trained: Path) -> None:
    code, said = invoke("export", "warm-start", "--config", SMALL, "--out", trained)
    assert code == 0, said
    card = (trained / "models/warm-start/1/card.md").read_text()
    headings = re.findall(r"^## (.*)$", card, re.MULTILINE)
    assert headings == [
        "Card metadata",
        "Model basics",
        "Technical specifications",
        "Training data and methodology",
        "Evaluation",
        "Other considerations",
    ]
    assert "$" not in card
    described = yaml.safe_load((trained / "models/warm-start/1/model.yaml").read_text())
    assert described["training"]["data_sha256"] in card
    assert described["training"]["cases"] == 12
    assert str(trained) not in card + str(described)
    learned, flat = re.findall(r"^\| loss .*on the patients that chose \| ([\d.]+) \|$", card, re.MULTILINE)
    assert float(learned) < float(flat)


def test_given_again_nothing_is_made_anew(trained: Path) -> None:
    problems = {path: path.stat().st_mtime_ns for path in (trained / "corpus").glob("*.npz")}
    checkpoint = (trained / "warm-start/checkpoint.pt").read_bytes()
    done = run("warm-start", "--config", SMALL, "--out", trained)
    assert done.returncode == 0, done.stderr
    assert {path: path.stat().st_mtime_ns for path in (trained / "corpus").glob("*.npz")} == problems
    assert (trained / "warm-start/checkpoint.pt").read_bytes() == checkpoint


def listen_to_interrupts() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_interrupted_says_how_to_go_on_and_goes_on(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "dh_training.command", "all", "--config", str(SMALL), "--out", str(tmp_path)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    # A shell starts what runs in its background with SIGINT ignored, these tests included.
    with subprocess.Popen(command, **pipes, text=True, preexec_fn=listen_to_interrupts) as process:
        assert process.stdout is not None and process.stderr is not None
        assert "problems" in process.stdout.readline()  # training comes next
        process.send_signal(signal.SIGINT)
        told = process.stderr.read()
    assert process.returncode == 130
    assert "the same command goes on from the last checkpoint" in told
    assert "Traceback" not in told
    done = run("corpus", tmp_path / "phantoms", "--config", SMALL, "--out", tmp_path / "corpus")
    assert "26 of 26 problems" in done.stdout


def test_run_of_another_configuration_is_not_gone_on_with(trained: Path) -> None:
    done = run("all", "--config", SMALL, "--out", trained, "--steps", 7)
    assert done.returncode == 1
    assert "holds a run with another config; give another folder" in done.stderr


def test_export_of_other_data_is_refused(trained: Path, tmp_path: Path) -> None:
    assert invoke("phantoms", "--out", tmp_path, "--count", 12, "--seed", 2)[0] == 0
    code, said = invoke("export", "warm-start", "--config", SMALL, "--cases", tmp_path, "--out", trained)
    assert code == 1
    assert "trained on other data" in said


def test_equal_seeds_give_equal_models(tmp_path: Path) -> None:
    config = tmp_path / "tiny.yaml"
    told = yaml.safe_load(SMALL.read_text())
    told["corpus"]["variants"] = 1
    told["roles"] = {"warm-start": told["roles"]["warm-start"]}
    told["roles"]["warm-start"]["fit"] |= {"steps": 4, "check_every": 2}
    config.write_text(yaml.safe_dump(told))
    graphs = []
    for name in ("one", "other"):
        done = run("all", "--config", config, "--out", tmp_path / name)
        assert done.returncode == 0, done.stderr
        graphs.append([(tmp_path / name / "models" / role / "1/model.onnx").read_bytes() for role in told["roles"]])
    assert graphs[0] == graphs[1]


def test_training_begins_with_the_weights_of_another_run(trained: Path, tmp_path: Path) -> None:
    config = tmp_path / "more.yaml"
    told = yaml.safe_load(SMALL.read_text())
    told["roles"] = {"warm-start": told["roles"]["warm-start"] | {"version": "2"}}
    told["roles"]["warm-start"]["fit"] |= {"steps": 1, "check_every": 1, "learning_rate": 1e-9, "warm_up_steps": 0}
    config.write_text(yaml.safe_dump(told))
    given = ["warm-start", "--config", config, "--corpus", trained / "corpus", "--cases", trained / "phantoms"]
    done = run(*given, "--begin", trained / "warm-start/best.pt", "--out", tmp_path / "more")
    assert done.returncode == 0, done.stderr
    first, more = (torch.load(path / "warm-start/best.pt")["network"] for path in (trained, tmp_path / "more"))
    for name, weights in more.items():
        torch.testing.assert_close(weights, first[name], rtol=0, atol=1e-6)
    card = (tmp_path / "more/models/warm-start/2/card.md").read_text()
    assert "--begin best.pt" in card
    done = run(*given, "--out", tmp_path / "more")
    assert "holds a run with another begun_with_sha256" in done.stderr
    code, said = invoke(*given, "--begin", config, "--out", tmp_path / "other")
    assert (code, "no weights of this network" in said) == (1, True), said


def test_training_is_drawn_to_where_descents_end(trained: Path, tmp_path: Path) -> None:
    config = tmp_path / "drawn.yaml"
    told = yaml.safe_load(SMALL.read_text())
    descents = {"distance_weight": 5.0, "iterations": 4, "whole_target_iterations": 2}
    told["roles"] = {"warm-start": told["roles"]["warm-start"] | {"version": "2", "descents": descents}}
    told["roles"]["warm-start"]["fit"] |= {"steps": 2, "check_every": 1}
    config.write_text(yaml.safe_dump(told))
    given = ["warm-start", "--config", config, "--corpus", trained / "corpus", "--cases", trained / "phantoms"]
    given += ["--out", tmp_path / "drawn"]
    code, said = invoke(*given)
    assert (code, "give its best.pt with --begin" in said) == (1, True), said
    done = run(*given, "--begin", trained / "warm-start/best.pt")
    assert done.returncode == 0, done.stderr
    assert len(list((tmp_path / "drawn/measured/descents").glob("*.npz"))) > 0
    assert "no descent" not in done.stderr
    card = (tmp_path / "drawn/models/warm-start/2/card.md").read_text()
    assert "weighted 5.0, the squared relative distance to where the optimizer's descent" in card


def test_corpus_is_made_apart(phantoms: Path, tmp_path: Path) -> None:
    code, said = invoke("corpus", phantoms, "--config", SMALL, "--out", tmp_path, "--jobs", 1)
    problems = 3 * 2 + 2  # two variants of every phantom, and the whole targets of two of them
    assert (code, said.count(f"{problems} of {problems} problems")) == (0, 1), said


def test_every_role_has_a_command_and_its_own_name() -> None:
    assert set(ROLE_NAMES) <= set(main.commands)
    assert tuple(find_role(name).name for name in ROLE_NAMES) == ROLE_NAMES


def test_help_does_not_load_pytorch() -> None:
    told = "import sys, dh_training.command; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", told], check=False).returncode == 0


def test_committed_configurations_have_every_role_that_they_can_train() -> None:
    assert tuple(read_config(FULL).roles) == ROLE_NAMES
    without_recordings = [name for name in ROLE_NAMES if find_role(name).learns_from != "trajectories"]
    assert list(read_config(SMALL).roles) == without_recordings


def test_configuration_survives_being_written(tmp_path: Path) -> None:
    # A run's folder holds its configuration, and the package is made from that.
    full = read_config(FULL)
    told = {"roles": {name: as_plain(config) for name, config in full.roles.items()}}
    (tmp_path / "config.yaml").write_text(yaml.safe_dump(told))
    assert read_config(tmp_path / "config.yaml").roles == full.roles


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("roles: {warm-start: {fit: {steps: 0}}}", "roles.warm-start.fit.steps: Input should be greater than 0"),
        ("roles: {warm-start: {fit: {step: 3}}}", "roles.warm-start.fit.step: Unexpected keyword argument"),
        ("roles: {warm-start: {loss: {sigmas_gy: [1]}}}", "1 sigmas_gy and 3 sigma_weights"),
        ("roles: {warm-start: {network: {rounds: 1}}}", "rounds is 1, must be at least 2"),
        ("roles: {warmstart: {}}", "roles.warmstart: unknown role; known: warm-start"),
        ("corpus: {variant: 3}\nroles: {}", "corpus.variant: Unexpected keyword argument"),
        ("corpus: {}", "roles: Field required"),
        ("roles: [", "flow"),
    ],
)
def test_configuration_faults_are_named(text: str, words: str, tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text(text)
    with pytest.raises(ConfigError, match=re.escape(words)):
        read_config(tmp_path / "config.yaml")


def test_all_faults_come_at_once(tmp_path: Path) -> None:
    text = "roles: {warm-start: {fit: {steps: 0}, network: {rounds: 1}}, other: {}}"
    (tmp_path / "config.yaml").write_text(text)
    code, said = invoke("all", "--config", tmp_path / "config.yaml", "--out", tmp_path)
    assert code == 1
    assert said.count("config.yaml: roles.") == 3


def test_mistakes_are_told_what_to_do(phantoms: Path, tmp_path: Path) -> None:
    code, said = invoke("corpus", tmp_path, "--out", tmp_path / "corpus")
    assert (code, "no folder with a plannable case.json" in said) == (1, True)
    code, said = invoke("export", "warm-start", "--config", FULL, "--out", tmp_path)
    assert (code, "--cases is missing" in said) == (2, True)
    code, said = invoke("convergence", "--config", FULL, "--cases", ROOT, "--out", tmp_path)
    assert (code, "no folder with a plannable case.json" in said) == (1, True)
    code, said = invoke("verify", phantoms)
    assert (code, "model.yaml" in said) == (1, True)
    code, said = invoke("export", "warm-start", "--config", SMALL, "--out", tmp_path)
    assert (code, "give a folder that `dh-train` trained in" in said) == (1, True)


def test_patients_too_few_to_split_are_refused_before_any_work(phantoms: Path, tmp_path: Path) -> None:
    done = run("all", "--config", FULL, "--cases", phantoms, "--out", tmp_path)
    assert done.returncode == 1
    assert "change corpus.dev_share" in done.stderr
    assert not (tmp_path / "corpus").exists()


def test_process_restarts_once_with_the_settings_it_lacks(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[tuple[list[str], dict[str, str]]] = []
    monkeypatch.setattr(os, "execve", lambda _program, command, environment: started.append((command, environment)))
    for name in SETTINGS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("OMP_NUM_THREADS", "4")
    restart_with_settings(["all", "--out", "x"])
    ((command, environment),) = started
    assert command[1:] == ["-m", "dh_training.command", "all", "--out", "x"]
    assert {name: environment[name] for name in SETTINGS} == {**SETTINGS, "OMP_NUM_THREADS": "4"}
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    restart_with_settings(["all"])
    assert len(started) == 1


def test_digest_is_of_the_data(phantoms: Path, tmp_path: Path) -> None:
    options = read_config(SMALL).corpus
    cases = sorted(phantoms.iterdir())
    digest = sources_of(cases, tmp_path, options).data_sha256
    assert re.fullmatch(r"[0-9a-f]{64}", digest)
    assert sources_of(cases[:2], tmp_path, options).data_sha256 != digest
