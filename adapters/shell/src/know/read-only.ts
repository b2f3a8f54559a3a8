/** No option of these writes a file or runs a program, whatever it is. */
export const HARMLESS: ReadonlySet<string> = new Set(
  `: true false echo pwd ls dir vdir cat head tail wc basename dirname test [ stat cut tr nl tac rev seq sleep id whoami
  groups uname arch nproc free uptime du df cmp comm paste join fold fmt expand unexpand md5sum sha1sum sha224sum
  sha256sum sha384sum sha512sum b2sum cksum sum shasum od hexdump strings readlink realpath printenv which type tty
  expr factor numfmt ps pgrep pidof lscpu lsblk locale getconf users who w last tput cal diff jq eza exa grep
  zcat readelf netstat wait times dirs ulimit umask shift return exit break continue egrep fgrep
  hostid logname pathchk getopts column tsort look fc-list readarray mapfile`.split(/\s+/),
)

/** These only read while every option is on their list; any other option makes them something else. */
export const READERS: Readonly<Record<string, string>> = {
  printf: "",
  date: "uRI::d:r: --utc --universal --date= --iso-8601=? --rfc-3339= --reference= --rfc-email",
  base64: "dDiw: --decode --ignore-garbage --wrap=",
  base32: "dDiw: --decode --ignore-garbage --wrap=",
  jobs: "lnprs",
  lsof: "ianPtlLNUVwRp:c:u:d:",
  hostname: "fsiIdA --fqdn --short --long --ip-address",
  rg: "aciFHhIjlLnNopPqsSuUvVwx0A:B:C:d:e:E:f:g:m:M:r:t:T: --after-context= --before-context= --context= --text --binary --block-buffered --byte-offset --case-sensitive --color= --colors= --column --count --count-matches --crlf --debug --encoding= --engine= --file= --files --files-with-matches --files-without-match --fixed-strings --follow --glob= --iglob= --glob-case-insensitive --heading --no-heading --help --hidden --no-hidden --ignore-case --ignore-file= --include-zero --invert-match --json --line-buffered --line-number --no-line-number --line-regexp --max-columns= --max-columns-preview --max-count= --max-depth= --max-filesize= --mmap --no-mmap --multiline --multiline-dotall --no-config --no-ignore --no-ignore-dot --no-ignore-exclude --no-ignore-files --no-ignore-global --no-ignore-parent --no-ignore-vcs --no-messages --no-require-git --null --null-data --one-file-system --only-matching --passthru --path-separator= --pcre2 --pretty --quiet --regexp= --regex-size-limit= --replace= --smart-case --sort= --sortr= --stats --threads= --trim --type= --type-not= --type-list --type-add= --unicode --unrestricted --version --vimgrep --with-filename --no-filename --word-regexp",
  fd: "HIuasigFpLl0d:t:e:E:S:c:j:q1 --hidden --no-ignore --no-ignore-vcs --no-ignore-parent --unrestricted --case-sensitive --ignore-case --glob --regex --fixed-strings --absolute-path --full-path --follow --max-depth= --min-depth= --exact-depth= --type= --extension= --exclude= --size= --changed-within= --changed-before= --owner= --color= --print0 --threads= --max-results= --quiet --base-directory= --path-separator= --strip-cwd-prefix --one-file-system --prune",
  sort: "bdfgiMhnRrVcCmsuzk:t:S: --ignore-leading-blanks --dictionary-order --ignore-case --general-numeric-sort --ignore-nonprinting --month-sort --human-numeric-sort --numeric-sort --random-sort --reverse --sort= --version-sort --check=? --merge --stable --unique --zero-terminated --key= --field-separator= --buffer-size= --parallel= --debug --batch-size=",
  file: "bciLhkNnprsSv0ElF:P:e:f: --brief --mime --mime-type --mime-encoding --dereference --no-dereference --keep-going --extension --version --no-pad --separator= --raw --special-files",
  tree: "adfilxpshugDFQNqrtcSACJXnvUL:P:I: --noreport --charset= --filelimit= --dirsfirst --filesfirst --gitignore --matchdirs --ignore-case --prune --du --si --timefmt= --sort= --fromfile --info",
  bat: "pnAl:r:H: --plain --number --show-all --language= --line-range= --highlight-line= --style= --color= --decorations= --theme= --wrap= --tabs= --terminal-width=",
  less: "FRXSNEeiIMmnQqrsw",
  more: "dflcpsu",
  man: "",
  yq: "rceMCPnyo:p:I:j --prettyPrint --output-format= --input-format= --exit-status --null-input --no-colors --colors --raw-output --arg= --indent= --unwrapScalar=?",
  xxd: "abceEgiulprsc:g:l:o:s:",
  uniq: "cdDuizf:s:w: --count --repeated --all-repeated=? --skip-fields= --group=? --ignore-case --skip-chars= --unique --zero-terminated --check-chars=",
  tar: "tvzjJaOf:C: --list --verbose --file= --gzip --bzip2 --xz --zstd --directory= --exclude= --strip-components= --wildcards --no-wildcards --full-time",
  unzip: "lvZtpqc",
  zipinfo: "12smlvhtzTC",
  ag: "aAcCDfFGgHiIjlLmnopQrsStuvwWz --hidden --nocolor --nogroup --color --group --ignore= --literal --files-with-matches --case-sensitive",
  delta: "",
  history: "",
  alias: "p",
  hash: "lrt",
  help: "",
  declare: "pfFxaArlu",
  typeset: "pfFxaArlu",
  export: "pnf",
  readonly: "paAf",
  local: "aArlux",
  set: "eufxCvbhmnptBETo:",
  unset: "vf",
  shopt: "psuqo",
  read: "rsea:d:i:n:N:p:t:u:",
}

/** At most so many operands: the next one is a file to write. */
export const OPERANDS_MAX: Readonly<Record<string, number>> = { uniq: 1, xxd: 1, hostname: 0 }

/** Programs whose first operand is none of the files that they read. Those of all others are. */
export const FILE_READERS: Readonly<Record<string, number>> = {
  ...{ look: 1, egrep: 1, grep: 1, fgrep: 1, rg: 1, fd: 1, jq: 1, yq: 1, sed: 1, awk: 1, gawk: 1, mawk: 1, ag: 1 },
}

/** Looking programs whose operands are no files, or none that they open. */
export const NAMES_NO_FILES: ReadonlySet<string> = new Set(
  `: true false echo printf pwd basename dirname test [ tr seq sleep id whoami groups uname arch nproc free uptime
  pidof ps pgrep printenv which type tty expr factor numfmt lscpu locale getconf tput cal netstat wait times dirs ulimit
  umask shift return exit break continue hostid logname pathchk getopts fc-list readarray mapfile date jobs hostname
  history alias hash help declare typeset export readonly local set unset shopt read man lsof`.split(/\s+/),
)

/** Options whose value is a file that the program reads. */
export const FILE_OPTIONS =
  /^--(?:file|files0-from|files-from|from-file|to-file|ignore-file|exclude-from|reference|random-source)$/

/** The same as single letters, by program. */
export const FILE_LETTERS: Readonly<Record<string, string>> = {
  ...{ grep: "f", egrep: "f", fgrep: "f", rg: "f", file: "f", date: "r", tar: "f" },
}

/** Programs that answer this with their version and nothing else, and read no settings of the folder first. */
export const VERSIONED: ReadonlySet<string> = new Set(
  `node python python3 git gcc g++ clang java javac ruby php bash docker make cmake npm perl tar curl wget jq rg fd grep
  sed awk gawk psql sqlite3 redis-cli openssl ssh deno bun uv pip pip3`.split(/\s+/),
)
