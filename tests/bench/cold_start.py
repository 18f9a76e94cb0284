"""One message from a cold start: ``cuishou tag`` beside an empty interpreter, interleaved. Run with ``make bench``.

``--document`` writes the figures to docs/benchmarks.md.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

from tests.bench import document

ROUNDS = 9
VARIANTS = {
    "python -c pass": "pass",
    "python -c 'import numpy'": "import numpy",
    "cuishou tag TEXT": "from cuishou.cli import main; main()",
}
MESSAGE = "【星桥消金】您的账单3216.58元已逾期5天，请于今日18点前处理，否则将移交律师。"


def seconds(code: str) -> float:
    begin = time.perf_counter()
    subprocess.run([sys.executable, "-c", code, "tag", MESSAGE], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - begin


def main() -> None:
    measured: dict[str, list[float]] = {name: [] for name in VARIANTS}
    for _ in range(ROUNDS):
        for name, code in VARIANTS.items():
            measured[name].append(seconds(code))
    medians = {name: statistics.median(times) for name, times in measured.items()}
    base = medians["python -c 'import numpy'"]
    lines = [
        f"Fresh processes, medians of {ROUNDS}, interleaved, Python {sys.version.split()[0]}:\n",
        "| process | seconds | times `import numpy` |",
        "| --- | ---: | ---: |",
        *(f"| `{name}` | {median:.3f} | {median / base:.1f} |" for name, median in medians.items()),
    ]
    text = "\n".join(lines)
    print(text)
    if "--document" in sys.argv:
        document.write("Cold start", text)
    if medians["cuishou tag TEXT"] > 0.5:
        print("  (above the half second that one message may take)")


if __name__ == "__main__":
    main()
