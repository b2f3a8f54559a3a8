import { type Program, program, verbs } from "./program.ts"

const builds = (why: string, more: Omit<Program, "risks" | "why"> = {}) =>
  program("execute", why, { keeps: 0, ...more })

/** Building, testing, checking, and whatever else runs code. */
export const BUILDING: Readonly<Record<string, Program>> = {
  // Building, testing, checking
  ...verbs(
    "make gmake",
    builds("builds what the project's makefile says", {
      keeps: 1,
      isMany: true,
      powerful: ["-f", "--file", "--makefile", "-C", "--directory", "-I", "--include-dir", "--eval", "-E"],
    }),
  ),
  ...verbs(
    "just task rake invoke nox tox mage grunt gulp",
    builds("runs a task of the project", {
      keeps: 1,
      isMany: true,
      powerful: ["-f", "--justfile", "--taskfile", "-d", "--dir", "--rakefile", "-c", "--shell", "--working-directory"],
    }),
  ),
  ...verbs(
    "ninja meson bazel bazelisk buck2 pants nx turbo lerna rush lage",
    builds("builds the project", { keeps: 1 }),
  ),
  cmake: program("execute", "builds the project"),
  ...verbs(
    "gcc g++ cc c++ clang clang++ ld as rustc javac kotlinc swiftc scalac ghc nasm zig tcc",
    program("execute write", "compiles", {
      writesTo: ["-o"],
      powerful: ["-o", "-wrapper", "-B", "-fplugin", "-specs", "--specs", "-load"],
    }),
  ),
  ...verbs(
    "tsc tsgo",
    builds("checks or compiles the project", {
      powerful: ["--outDir", "--outFile", "-o", "--declarationDir", "-p", "--project", "--tsBuildInfoFile"],
    }),
  ),
  ...verbs(
    "eslint oxlint standard xo stylelint tslint",
    builds("runs the project's linter", {
      powerful: [
        "-c",
        "--config",
        "-o",
        "--output-file",
        "--rulesdir",
        "--resolve-plugins-relative-to",
        "--plugin",
        "-f",
        "--format",
        "--parser",
        "--import",
      ],
    }),
  ),
  ...verbs(
    "prettier biome dprint rome",
    builds("formats or checks the project", { powerful: ["--config", "--plugin", "--config-path", "--ignore-path"] }),
  ),
  ...verbs(
    "jest vitest mocha ava tap cypress playwright karma jasmine c8 nyc tsx ts-node ts-node-esm nodemon swc esbuild vite webpack rollup parcel next nuxt astro svelte-kit ng vue-cli-service storybook remix expo",
    builds("runs code of the project", {
      keeps: 0,
      powerful: [
        "-c",
        "--config",
        "-r",
        "--require",
        "--import",
        "--loader",
        "--globalSetup",
        "--setupFiles",
        "--rootDir",
        "--root",
        "-e",
        "--eval",
        "--outDir",
        "--outfile",
        "--reporter",
        "--reporters",
        "--transform",
        "--exec",
        "-x",
      ],
    }),
  ),
  ...verbs(
    "pytest py.test",
    builds("runs the project's tests", {
      powerful: [
        "-p",
        "-c",
        "--rootdir",
        "--confcutdir",
        "--basetemp",
        "--junitxml",
        "--junit-xml",
        "--pdbcls",
        "--log-file",
        "-o",
        "--override-ini",
        "--cov-report",
        "--cov-config",
        "--import-mode",
        "--pyargs",
      ],
    }),
  ),
  ...verbs(
    "mypy pyright ruff black isort flake8 pylint bandit pyflakes autopep8 yapf pycodestyle pydocstyle vulture",
    builds("checks or formats the project's code", {
      powerful: [
        "--config",
        "--config-file",
        "--rcfile",
        "-c",
        "--load-plugins",
        "--init-hook",
        "--output",
        "-o",
        "--output-file",
        "--plugins",
      ],
    }),
  ),
  ...verbs("coverage", builds("runs the project's tests", { keeps: 1, powerful: ["--rcfile", "--data-file"] })),
  ...verbs(
    "rspec rubocop phpunit phpstan psalm ctest shellcheck hadolint yamllint actionlint markdownlint golangci-lint staticcheck gofmt goimports rustfmt clang-format clang-tidy swiftlint ktlint checkstyle terraform-docs tflint pre-commit lefthook husky commitlint cspell knip depcheck madge typedoc sphinx-build mkdocs",
    builds("checks or formats the project's code", {
      powerful: [
        "-r",
        "--require",
        "-c",
        "--config",
        "--bootstrap",
        "-o",
        "--output",
        "--output-file",
        "-exec",
        "--load",
        "-load",
        "--plugin",
      ],
    }),
  ),
  ...verbs(
    "flask django-admin uvicorn gunicorn streamlit celery alembic rails hugo jekyll http-server serve live-server",
    builds("runs the project", { keeps: 1 }),
  ),
  ...verbs(
    "python python3 python2 pypy pypy3 node nodejs perl ruby php lua luajit Rscript julia java osascript tclsh guile racket elixir erl iex ghci scala groovy kotlin swift wish expect m4 bc dc octave",
    program("execute", "runs a program"),
  ),
  ...verbs("sh bash dash zsh ksh mksh fish csh tcsh rbash ash pwsh", program("execute", "runs a script")),
  ...verbs(
    "tmux screen daemonize start-stop-daemon dtach disown bg fg",
    program("execute escalate", "leaves things running"),
  ),
  ...verbs(
    "man info xdg-open open start browse sensible-browser",
    program("execute", "starts another program to show something"),
  ),
  ...verbs(
    "bind complete compopt enable trap coproc suspend logout caller fc",
    program("execute", "changes how the shell behaves"),
  ),
  ...verbs("source .", program("execute", "runs a script in this shell")),
  eval: program("unknown", "runs its words as a line"),
  parallel: program("unknown", "runs commands made of its input"),
  ...verbs("expect", program("execute", "runs a script that talks to programs")),
}
