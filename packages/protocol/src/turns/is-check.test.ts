import { expect, test } from "bun:test"
import { isCheck } from "./is-check.ts"

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
  "",
]

test("a line that tests, checks types, builds or lints is a check", () => {
  expect(CHECKS.filter((line) => !isCheck(line))).toEqual([])
})

test("what the settings name is a check, with whatever follows and whatever starts it, and hidden it is none", () => {
  const named = ["make accept", "./go", "a | b", ""]
  const is = (line: string) => isCheck(line, named)
  expect(
    ["make accept", "CI=1 make accept -j2", "./go", "cd x && ./go all", "bash -c 'make accept'"].filter(is),
  ).toHaveLength(5)
  expect(
    ["make it", "accept", "make accepting", "./go --help", "make accept || true", "a", "a | b", "ls"].filter(is),
  ).toEqual([])
  expect(isCheck("make accept-all") || isCheck("./go")).toBe(false)
})

test("a line that hides its check's exit code, only names one, or changes files is none", () => {
  expect(NO_CHECKS.filter((line) => isCheck(line))).toEqual([])
})
