import { expect, test } from "bun:test"
import { shell } from "../src/index.ts"
import { PLACE } from "./corpus.ts"

const reader = shell()

/** Those of the lines that are checks. */
async function checksAmong(lines: readonly string[], checks?: readonly string[]): Promise<readonly string[]> {
  const read = await Promise.all(lines.map((line) => reader.understand(line, { ...PLACE, checks })))
  return lines.filter((_, at) => read[at]?.isCheck === true)
}

const CHECKS = [
  "npm test",
  "npm test -- checkout cart",
  "npm --prefix web run lint",
  "cd web && CI=1 npx tsc --noEmit 2>&1",
  "npm run typecheck > /tmp/log 2>&1 && echo fine",
  "echo hello; pytest -x",
  "set -e\nnpm run build\nnpm test",
  "timeout 60 cargo +nightly test --workspace",
  "python3 -m pytest tests",
  "uv run ruff check .",
  "make",
  "make -C core test",
  "./gradlew check",
  "bash -lc 'npm test'",
  "./scripts/run-tests.sh",
  "prettier --check src",
  "bun test",
  "node_modules/.bin/eslint .",
  "python manage.py test shop",
  "pytest tests/*.py",
  'npm test -- --grep="$NAME"',
  "cat > a.ts <<'EOF'\nconst a = 1\nEOF\nnpx tsc",
  "time npm test",
  "make -kj4 -C core",
  "ninja -v -C out",
  "ctest -V",
  "go test -v ./...",
  "eslint --fix=false .",
  "npm test -- -v",
  "golangci-lint run",
  "cargo --config x.toml test",
]

const NO_CHECKS = [
  "ls",
  "git status",
  'echo "npm test"',
  "echo npm test",
  "npm test || true",
  "npm test | tail -5",
  "npm test; echo done",
  "npm test & wait",
  "npm test; npm run lint",
  "! npm test",
  "npm test --help",
  "npm ci",
  "npm install",
  "npm run dev",
  "npm run lint:fix",
  "eslint --fix src",
  "prettier --write src",
  "make clean",
  "cat test.txt",
  "test -f package.json",
  "(npm test)",
  "npm() { true; }; npm test",
  "alias npm=true; npm test",
  "if npm test; then echo yes; fi",
  "npm test <<EOF\nEOF",
  "echo $(npm test)",
  "bash -c 'npm test || true'",
  "npm test 'unclosed",
  "true && && npm test",
  "npm test $WHAT",
  "npm test $WHAT; npm run lint",
  "$TOOL test",
  "x=$(npm test); npm run lint",
  "",
]

const RUN_NOTHING = [
  "exit 0; npm test",
  "npm test && exit 0",
  "return; npm test",
  "set -e; npm test; set +e; false",
  "eval 'npm() { true; }'; npm test",
  "command -v tsc",
  "command -pv tsc",
  "npx --version tsc",
  "make -n test",
  "make -kn test",
  "make -q",
  "make -i test",
  "ninja -n",
  "ninja -t clean",
  "tsc -v",
  "tsc --noCheck",
  "tsc --build --clean",
  "gcc -v",
  "gcc -E a.c",
  "pytest -V",
  "eslint -v",
  "cargo test -V",
  "cargo -V test",
  "jest --clearCache",
  "mvn verify -DskipTests",
  "mvn verify -DskipTests=true",
  "gradle -m test",
  "go test -list .",
  "go test -list=.",
  "bash -n scripts/test.sh",
  "php -l tests.php",
  "vitest list",
  "vitest watch",
  "swift test list",
  "cmake --build . --target clean",
  "golangci-lint version",
  "python -c 'make'",
  "constructor x",
  "toString",
  `${"npx ".repeat(40)}jest`,
]

const REWRITING = [
  "rubocop -A",
  "rubocop --autocorrect",
  "biome check --apply",
  "biome check --apply-unsafe=true",
  "jest -u",
  "vitest run -u",
  "npm test -- -u",
  "bun test --update-snapshots",
  "phpstan --generate-baseline",
  "ruff check --add-noqa",
]

test("a line that tests, checks types, builds or lints is a check", async () => {
  expect(await checksAmong(CHECKS)).toEqual(CHECKS)
})

test("a line that hides its check's exit code, only names one, or changes files is none", async () => {
  expect(await checksAmong(NO_CHECKS)).toEqual([])
})

test("a line that runs no check, whatever it is called, is none", async () => {
  expect(await checksAmong(RUN_NOTHING)).toEqual([])
})

test("a checker that writes what it looks at, or what it expects, is none", async () => {
  expect(await checksAmong(REWRITING)).toEqual([])
})

test("what the settings name is a check, with whatever follows and whatever starts it, and hidden it is none", async () => {
  const named = ["make accept", "./go", "a | b", ""]
  const are = ["make accept", "CI=1 make accept -j2", "./go", "cd x && ./go all", "bash -c 'make accept'"]
  expect(await checksAmong(are, named)).toEqual(are)
  const none = ["make it", "accept", "make accepting", "./go --help", "make accept || true", "a", "a | b", "ls"]
  expect(await checksAmong(none, named)).toEqual([])
  expect(await checksAmong(["make accept-all", "./go"])).toEqual([])
})
