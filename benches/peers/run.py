#!/usr/bin/env python3
"""What a wall costs against Chromium showing the same: processor seconds and memory of the whole process, its driver's
threads and all its children, in turns under one Xvfb. Prints one JSON object a turn and one of the middles.

    run.py PROGRAM [--turns 3] [--seconds 30] [--settle 20] [--screen hall-led]
"""
import argparse
import json
import os
import pathlib
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
TICK = os.sysconf("SC_CLK_TCK")
CHROMIUM = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync", "--disable-extensions", "--disable-default-apps",
            "--ozone-platform=x11", "--kiosk", "--window-position=0,0", "--window-size=2048,1152"]


def session(leader):
    """The processes of a session."""
    found = []
    for entry in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == leader:
            found.append((entry, fields))
    return found


def spent(leader):
    """Processor seconds of a session, ended children included."""
    return sum(sum(map(int, fields[11:15])) for _, fields in session(leader)) / TICK


def held(leader):
    """Megabytes that a session holds; what processes share counts once."""
    total = 0
    for entry, _ in session(leader):
        try:
            lines = (entry / "smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total / 1024


def measure(name, command, environment, args):
    """One turn of one program."""
    said = tempfile.TemporaryFile("w+")
    child = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=said, start_new_session=True)
    begun, told = time.monotonic(), {}
    try:
        time.sleep(args.settle)
        before, start = spent(child.pid), time.monotonic()
        time.sleep(args.seconds)
        seconds, passed = spent(child.pid) - before, time.monotonic() - start
        if child.poll() is not None:
            sys.exit(f"{name} ended by itself")
        told = {"program": name, "cores": round(seconds / passed, 4), "pss_mb": round(held(child.pid), 1)}
    finally:
        lived = time.monotonic() - begun
        os.killpg(child.pid, signal.SIGTERM)
        try:
            child.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()
    # Frames by the second since its start: a machine that is busy with other things shows fewer, and costs less.
    said.seek(0)
    frames = re.search(r"frames=(\d+)", said.read())
    return told | {"fps": round(int(frames[1]) / lived, 1)} if frames else told


def display():
    """An X server of its own, and its name."""
    server = subprocess.Popen(["Xvfb", "-displayfd", "1", "-screen", "0", "2048x1152x24", "-noreset", "-nolisten", "tcp"],
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    return server, ":" + server.stdout.readline().strip()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--settle", type=float, default=20)
    parser.add_argument("--screen", default="hall-led")
    args = parser.parse_args()
    chromium = shutil.which("chromium")
    if chromium is None:
        sys.exit("Chromium is not installed: apt-get install chromium")
    program = str(pathlib.Path(args.program).resolve())
    server, name = display()
    with tempfile.TemporaryDirectory() as folder:
        try:
            environment = dict(os.environ, DISPLAY=name, XDG_RUNTIME_DIR=folder)
            environment.pop("WAYLAND_DISPLAY", None)
            environment.setdefault("GONGSHI_FONTS", str(HERE.parents[1] / "fonts"))
            county = folder + "/county"
            quiet = dict(env=environment, check=True, stdout=subprocess.DEVNULL)
            subprocess.run([program, "sample", "--out", county, "--villages", "0", "--force"], **quiet)
            places = ["--config", county + "/kiosk-config", "--data", county + "/data"]
            subprocess.run([program, "harvest", *places], **{**quiet, "check": False})
            turns = []
            for turn in range(args.turns):
                ours = [program, "run", *places, "--screen", args.screen]
                profile = f"--user-data-dir={folder}/profile-{turn}"
                theirs = [chromium, *CHROMIUM, profile, (HERE / "wall.html").as_uri()]
                pair = [measure("gongshi", ours, environment, args), measure("chromium", theirs, environment, args)]
                for told in pair:
                    print(json.dumps(told), flush=True)
                turns.append(pair)
            middle = lambda key: statistics.median(ours[key] / theirs[key] for ours, theirs in turns)
            print(json.dumps({"cores_ratio": round(middle("cores"), 3), "memory_ratio": round(middle("pss_mb"), 3)}))
        finally:
            server.terminate()
            server.wait()


main()
