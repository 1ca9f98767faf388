# All developer commands. `pip install -r requirements-dev.txt` installs just; `just` lists the recipes.

set windows-shell := ["powershell.exe", "-NoLogo", "-Command"]

_list:
    @just --list --unsorted

# Install everything for development, and the digit-lab command
install:
    pip install -r requirements-dev.txt -e .

# Start the dashboard, with any Streamlit options
run *options:
    streamlit run app.py {{ options }}

# Run the tests as in the README
test:
    pytest -n 3 --dist worksteal

# Run all tests, including more random faults, page benchmarks and the half-hour soak test
test-slow:
    pytest --slow

# Check style, types, imports between packages and spelling
check:
    ruff check .
    ruff format --check .
    mypy
    lint-imports
    codespell

# Fix style and formatting
fix:
    ruff check --fix .
    ruff format .

# Run the commit hooks on all files
hooks:
    pre-commit run --all-files --show-diff-on-failure

# Measure speed, with any options of the benchmarks, such as --quick
bench *options:
    python -m benchmarks {{ options }}
