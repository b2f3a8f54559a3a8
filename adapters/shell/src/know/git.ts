import type { CommandRisk } from "@skein/core/ports"

/** What a verb of git does. */
export interface GitVerb {
  readonly risk: CommandRisk
  /** For reading verbs: the options with which they only read. */
  readonly options?: string
  /** At most so many operands with which it only reads. */
  readonly operandsMax?: number
  /** Options that make it run or write something else, or take something away; with what they do. */
  readonly powerful?: Readonly<Record<string, readonly [CommandRisk, string]>>
  readonly needsNetwork?: boolean
}

/** What chooses and shapes commits and differences, for all verbs that show them. */
const SHOWING =
  "pusRabwzmcgitrqhEFPWDB::M::C::U:n:l:G:S:L:I:X::0123456789 --oneline --stat=? --shortstat --numstat --name-only --name-status --patch --no-patch --raw --graph --decorate=? --no-decorate --all --branches=? --tags=? --remotes=? --merges --no-merges --first-parent --reverse --abbrev-commit --no-abbrev-commit --abbrev=? --format= --pretty=? --date= --since= --until= --after= --before= --author= --committer= --grep= --invert-grep --all-match --regexp-ignore-case --extended-regexp --fixed-strings --perl-regexp --max-count= --skip= --follow --full-history --simplify-by-decoration --topo-order --date-order --color=? --no-color --color-words=? --word-diff=? --word-diff-regex= --cached --staged --merge-base --diff-filter= --find-renames=? --find-copies=? --no-renames --minimal --patience --histogram --diff-algorithm= --ignore-all-space --ignore-space-change --ignore-blank-lines --ignore-space-at-eol --unified= --inter-hunk-context= --function-context --no-ext-diff --no-textconv --no-prefix --src-prefix= --dst-prefix= --relative=? --exit-code --quiet --check --summary --dirstat=? --compact-summary --full-index --binary --no-notes --show-signature --left-right --cherry-pick --cherry-mark --cherry --boundary --ancestry-path=? --source --left-only --right-only --not --stdin --no-walk=? --walk-reflogs --show-pulls --cc --combined-all-paths --root --no-index --text --pickaxe-all --pickaxe-regex --submodule=? --ignore-submodules=? --no-color-moved --color-moved=? --children --parents --no-relative --stat-width= --stat-name-width= --stat-count= --log-size --no-mailmap --mailmap --clear-decorations --decorate-refs= --decorate-refs-exclude= --exclude= --glob="

const RUNS: readonly [CommandRisk, string] = ["execute", "runs a program of its option's choice"]
const WRITES: readonly [CommandRisk, string] = ["write", "writes a file of its option's choice"]
const DIFF_POWERS = { "--output": WRITES, "--ext-diff": RUNS, "--textconv": RUNS } as const

const FORCE: readonly [CommandRisk, string] = ["destroy", "takes away what was there before"]
const LOSES: readonly [CommandRisk, string] = ["destroy", "drops changes that were not committed"]
const REMOVES: readonly [CommandRisk, string] = ["destroy", "removes what may not be kept elsewhere"]

/** By verb. One that is not here may be an alias, whose words only the repository knows. */
export const GIT_VERBS: Readonly<Record<string, GitVerb>> = {
  status: {
    risk: "read",
    options:
      "sbvzu:: --short --branch --porcelain=? --long --verbose --untracked-files=? --ignored=? --ignore-submodules=? --column=? --no-column --ahead-behind --no-ahead-behind --renames --no-renames --find-renames=? --show-stash",
  },
  log: { risk: "read", options: SHOWING, powerful: DIFF_POWERS },
  diff: { risk: "read", options: SHOWING, powerful: DIFF_POWERS },
  show: { risk: "read", options: SHOWING, powerful: DIFF_POWERS },
  whatchanged: { risk: "read", options: SHOWING, powerful: DIFF_POWERS },
  "diff-tree": { risk: "read", options: SHOWING, powerful: DIFF_POWERS },
  "diff-index": { risk: "read", options: SHOWING, powerful: DIFF_POWERS },
  "diff-files": { risk: "read", options: SHOWING, powerful: DIFF_POWERS },
  "rev-list": {
    risk: "read",
    options: `${SHOWING} --count --objects --timestamp --max-parents= --min-parents=`,
    powerful: DIFF_POWERS,
  },
  shortlog: { risk: "read", options: `${SHOWING} --numbered --email --group= --committer`, powerful: DIFF_POWERS },
  "range-diff": { risk: "read", options: SHOWING, powerful: DIFF_POWERS },
  blame: {
    risk: "read",
    options:
      "bltfnspewMCcL:S: --porcelain --line-porcelain --incremental --date= --abbrev= --show-email --show-name --show-number --ignore-rev= --ignore-revs-file= --root --since= --first-parent --color-lines --color-by-age",
    powerful: { "--contents": WRITES },
  },
  annotate: { risk: "read", options: "bltfnspewL:" },
  "rev-parse": {
    risk: "read",
    options:
      "q --abbrev-ref=? --short=? --verify --quiet --show-toplevel --git-dir --git-common-dir --absolute-git-dir --show-prefix --show-cdup --is-inside-work-tree --is-inside-git-dir --is-bare-repository --symbolic --symbolic-full-name --all --branches=? --tags=? --remotes=? --revs-only --no-revs --show-superproject-working-tree --show-object-format=? --path-format= --is-shallow-repository --not --since= --until=",
  },
  "ls-files": {
    risk: "read",
    options:
      "cdomiskutvzfx:X: --cached --deleted --others --modified --ignored --stage --killed --unmerged --exclude= --exclude-from= --exclude-standard --error-unmatch --full-name --abbrev=? --directory --no-empty-directory --eol --deduplicate --recurse-submodules --format=",
  },
  "ls-tree": {
    risk: "read",
    options: "drtlz --long --name-only --name-status --full-name --full-tree --abbrev=? --object-only --format=",
  },
  "cat-file": {
    risk: "read",
    options: "tspe --batch-check=? --batch=? --batch-all-objects",
    powerful: { "--textconv": RUNS, "--filters": RUNS },
  },
  "merge-base": { risk: "read", options: "a --all --octopus --independent --is-ancestor --fork-point" },
  "for-each-ref": {
    risk: "read",
    options:
      " --count= --sort= --format= --color=? --points-at= --merged=? --no-merged=? --contains=? --no-contains=? --ignore-case",
  },
  "show-ref": {
    risk: "read",
    options: "dhqs --head --heads --branches --tags --dereference --hash=? --verify --abbrev=? --quiet --exists",
  },
  "name-rev": { risk: "read", options: " --tags --refs= --all --name-only --no-undefined --always" },
  describe: {
    risk: "read",
    options:
      " --tags --all --always --abbrev= --dirty=? --broken=? --long --match= --exclude= --exact-match --first-parent --contains --candidates= --debug",
  },
  "count-objects": { risk: "read", options: "vH --verbose --human-readable" },
  "check-ignore": { risk: "read", options: "qvzn --quiet --verbose --stdin --non-matching --no-index" },
  "check-attr": { risk: "read", options: "az --all --stdin --cached" },
  "check-ref-format": { risk: "read", options: " --branch --normalize --allow-onelevel" },
  "merge-tree": { risk: "read", options: "z --name-only --messages --no-messages --write-tree" },
  cherry: { risk: "read", options: "v --abbrev=?" },
  grep: {
    risk: "read",
    options:
      "abcEFGHhIilLnoPqrvWwxz0123456789A:B:C:e:f:m: --cached --untracked --no-index --ignore-case --word-regexp --invert-match --extended-regexp --basic-regexp --perl-regexp --fixed-strings --line-number --column --files-with-matches --files-without-match --name-only --count --color=? --no-color --break --heading --show-function --context= --after-context= --before-context= --function-context --and --or --not --all-match --quiet --max-depth= --max-count= --recursive --no-recursive --only-matching --text --full-name --null --exclude-standard --recurse-submodules --threads=",
    powerful: { "-O": RUNS, "--open-files-in-pager": RUNS, "--textconv": RUNS },
  },
  version: { risk: "read", options: " --build-options" },
  help: { risk: "read", options: "ag --all --guides", operandsMax: 0 },
  var: { risk: "read", options: "l" },
  branch: {
    risk: "write",
    options:
      "arlvi --list --all --remotes --verbose --show-current --contains=? --no-contains=? --merged=? --no-merged=? --sort= --format= --column=? --no-column --color=? --no-color --points-at= --abbrev=? --ignore-case",
    operandsMax: 0,
    powerful: {
      "-D": REMOVES,
      "-d": REMOVES,
      "--delete": REMOVES,
      "-f": FORCE,
      "--force": FORCE,
      "-M": FORCE,
      "-C": FORCE,
      "-m": ["write", "renames"],
      "--move": ["write", "renames"],
      "--edit-description": RUNS,
    },
  },
  tag: {
    risk: "write",
    options:
      "ln:: --list --sort= --format= --contains=? --no-contains=? --merged=? --points-at= --column=? --color=? --ignore-case",
    operandsMax: 0,
    powerful: { "-d": REMOVES, "--delete": REMOVES, "-f": FORCE, "--force": FORCE },
  },
  remote: { risk: "write", options: "v --verbose", operandsMax: 0, powerful: {} },
  stash: { risk: "write" },
  reflog: { risk: "read", options: SHOWING, powerful: DIFF_POWERS },
  config: { risk: "write" },
  worktree: { risk: "write", powerful: { "-B": FORCE, "-f": FORCE, "--force": FORCE } },
  submodule: { risk: "write", needsNetwork: true },
  bisect: { risk: "write" },
  notes: { risk: "write" },
  add: { risk: "write", powerful: { "-e": RUNS, "--edit": RUNS } },
  stage: { risk: "write" },
  commit: { risk: "write", powerful: { "--no-verify": ["write", "goes around the hooks"] } },
  mv: { risk: "write", powerful: { "-f": FORCE, "--force": FORCE } },
  rm: { risk: "destroy", powerful: {} },
  init: { risk: "write", powerful: { "--template": RUNS, "--separate-git-dir": WRITES } },
  merge: { risk: "write" },
  rebase: { risk: "write", powerful: { "-x": RUNS, "--exec": RUNS, "-i": RUNS, "--interactive": RUNS } },
  "cherry-pick": { risk: "write" },
  revert: { risk: "write" },
  apply: { risk: "write", powerful: { "--unsafe-paths": WRITES } },
  am: { risk: "write" },
  reset: { risk: "write", powerful: { "--hard": LOSES, "--merge": LOSES, "--keep": LOSES } },
  checkout: {
    risk: "write",
    powerful: {
      "-f": LOSES,
      "--force": LOSES,
      "-B": FORCE,
      "--ours": LOSES,
      "--theirs": LOSES,
      "--orphan": FORCE,
      "-p": LOSES,
      "--patch": LOSES,
      "--": LOSES,
    },
  },
  switch: {
    risk: "write",
    powerful: {
      "-f": LOSES,
      "--force": LOSES,
      "--discard-changes": LOSES,
      "-C": FORCE,
      "--force-create": FORCE,
      "--orphan": FORCE,
    },
  },
  restore: { risk: "destroy" },
  clean: { risk: "destroy" },
  gc: { risk: "write", powerful: { "--prune": REMOVES, "--aggressive": ["write", "packs everything anew"] } },
  prune: { risk: "destroy" },
  repack: { risk: "write", powerful: { "-d": REMOVES, "--unpack-unreachable": REMOVES } },
  fsck: {
    risk: "read",
    options:
      "v --full --strict --unreachable --dangling --no-dangling --no-progress --connectivity-only --no-reflogs --name-objects --verbose",
  },
  "filter-branch": { risk: "destroy" },
  "filter-repo": { risk: "destroy" },
  "update-ref": { risk: "destroy" },
  "update-index": { risk: "write" },
  "symbolic-ref": { risk: "write" },
  "read-tree": { risk: "destroy" },
  "checkout-index": { risk: "destroy" },
  replace: { risk: "destroy" },
  "format-patch": { risk: "write", powerful: { "-o": WRITES, "--output-directory": WRITES, "--output": WRITES } },
  archive: {
    risk: "write",
    powerful: { "--output": WRITES, "-o": WRITES, "--remote": ["network", "asks another machine"], "--exec": RUNS },
  },
  bundle: { risk: "write" },
  "fast-import": { risk: "destroy" },
  fetch: {
    risk: "network",
    needsNetwork: true,
    powerful: { "--upload-pack": RUNS, "-f": FORCE, "--force": FORCE, "--prune": REMOVES, "-p": REMOVES },
  },
  pull: {
    risk: "network",
    needsNetwork: true,
    powerful: { "--upload-pack": RUNS, "--rebase": ["write", "rewrites commits"], "-f": FORCE, "--force": FORCE },
  },
  clone: {
    risk: "network",
    needsNetwork: true,
    powerful: { "--upload-pack": RUNS, "-u": RUNS, "--config": RUNS, "-c": RUNS, "--template": RUNS },
  },
  "ls-remote": { risk: "network", needsNetwork: true, powerful: { "--upload-pack": RUNS, "--exec": RUNS } },
  push: {
    risk: "publish",
    needsNetwork: true,
    powerful: {
      "-f": FORCE,
      "--force": FORCE,
      "--force-with-lease": FORCE,
      "--delete": REMOVES,
      "-d": REMOVES,
      "--mirror": FORCE,
      "--prune": REMOVES,
      "--receive-pack": RUNS,
      "--exec": RUNS,
    },
  },
  "send-email": { risk: "publish", needsNetwork: true },
  "request-pull": { risk: "publish", needsNetwork: true },
  svn: { risk: "unknown" },
  p4: { risk: "unknown" },
  difftool: { risk: "execute" },
  mergetool: { risk: "execute" },
  instaweb: { risk: "execute" },
  gui: { risk: "execute" },
  hook: { risk: "execute" },
  maintenance: { risk: "escalate" },
  daemon: { risk: "escalate" },
  credential: { risk: "escalate" },
  lfs: { risk: "network", needsNetwork: true },
}

/** Options before the verb that only read. Others, as `-c`, `--exec-path` or `--git-dir`, choose what runs. */
export const GIT_GLOBAL =
  "PC: --no-pager --no-optional-locks --literal-pathspecs --icase-pathspecs --no-replace-objects --version --help --no-lazy-fetch"
