/**
 * What the name of a file says: that it holds secrets, that a look into it tells (`look`), or nothing. Names are compared
 * without case, because some file systems do.
 */
export function secretByName(name: string): SecretName | undefined {
  const small = name.toLowerCase()
  const original = withoutCopyMarks(small)
  if (EXAMPLES.test(original)) return undefined
  if (!ANY_NAME.test(original) && (original === small || !ANY_NAME.test(small))) return undefined
  return NAMES.find(({ pattern }) => pattern.test(original) || pattern.test(small))
}

/** What a file was called before an editor, a file manager or a person kept another one of it: `.env~`, `#.env#`, `a.key.bak`. */
function withoutCopyMarks(name: string): string {
  let left = name
  for (let before = ""; before !== left; ) {
    before = left
    left = left.replace(COPY_MARKS, "") || left
  }
  return left
}

const COPY_MARKS =
  /^(?:#|(?:copy|backup) of )|[#~]$|\.?~\d+~$| ?\((?:copy|\d+)\)|[._ -](?:bak|backup|old|orig|original|save|prev|previous|copy|sw[a-p]|tmp|temp|rej|dpkg-\w+|rpm(?:save|new|orig))\d*$/

export interface SecretName {
  readonly pattern: RegExp
  /** Completes "because …". */
  readonly why: string
  /** What such a file holds when it holds a secret; every one of that name does when it is left out. */
  readonly look?: RegExp | undefined
}

/** What is there to be read: how the real one would look. And code that is called like one. */
const EXAMPLES =
  /\.(?:example|sample|template|tmpl|dist|defaults?|schema|md|pub|d\.ts|ts|tsx|js|mjs|cjs|py|rb|go|rs|java|kt|sh)$/

const PRIVATE_KEY = /PRIVATE KEY|PuTTY-User-Key-File/
/** Or nothing but its digits, as Rails has it. */
const KEY_ALONE = new RegExp(`${PRIVATE_KEY.source}|^\\s*[0-9a-f]{32,128}\\s*$`, "i")
const ASSIGNED_SECRET = /(?:KEY|TOKEN|SECRET|PASSW|PASSPHRASE|CREDENTIAL)\w*\s*=/i
/** Written out: neither a variable nor a template's place for one. */
const LITERAL_SECRET =
  /(?:key|token|secret|passw|passphrase|credential|oauth|access|refresh)[\w.-]*["']?\s*[:=]\s*["']?(?![{$<])[^\s"']{8}/i

const NAMES: readonly SecretName[] = [
  { pattern: /^\.env(?:[._-].+)?$|^\.flaskenv$|^[\w.-]+\.env$|^\.secrets?$/, why: "it is an environment file" },
  { pattern: /^\.envrc(?:\..+)?$|^env\.\w+$/, why: "it sets secrets", look: ASSIGNED_SECRET },
  { pattern: /\.(?:pem|key|pk8|asc)$/, why: "it is a private key", look: KEY_ALONE },
  { pattern: /^id_(?:rsa|dsa|ecdsa|ed25519)/, why: "it is a private key" },
  { pattern: /^id_[\w.-]+$/, why: "it is a private key", look: PRIVATE_KEY },
  { pattern: /\.(?:p12|pfx|p8|jks|keystore|bks|kdbx?|ppk|agekey)$/, why: "it is a store of keys" },
  { pattern: /^(?:credentials|client[-_]?secrets?.*|service[-_]?account.*)\.json$/, why: "it holds credentials" },
  { pattern: /^\.(?:npmrc|yarnrc\.yml)$/, why: "it holds a token", look: /_auth|_password|npmAuth/i },
  { pattern: /\.tfstate(?:\.backup)?$|^secrets?(?:\.auto)?\.tfvars$/, why: "Terraform keeps secrets in it" },
  {
    pattern: /^[._]netrc$|^\.git-credentials$|^\.pgpass$|^\.pypirc$|^\.htpasswd$|^\.dockercfg$/,
    why: "it holds passwords",
  },
  { pattern: /^credentials$/, why: "it holds credentials", look: /aws_(?:secret_access_key|session_token)/i },
  { pattern: /^config\.json$/, why: "it holds a login", look: /"(?:auth|identitytoken)"\s*:\s*"[^"]{8}/ },
  { pattern: /^config$|kubeconfig/, why: "it holds a login", look: /client-key-data:|^\s+token:\s*\S{8}/m },
  { pattern: /^hosts\.yml$/, why: "it holds a token", look: /oauth_token:/ },
  {
    pattern: /^(?:auth\.json|secrets?\.(?:ya?ml|json|toml|ini|properties))$/,
    why: "it holds credentials",
    look: LITERAL_SECRET,
  },
  { pattern: /^\.(?:my\.cnf|s3cfg|boto|databrickscfg|terraformrc)$/, why: "it holds passwords", look: LITERAL_SECRET },
  { pattern: /^\.vault[-_](?:token|pass(?:word)?)$/, why: "it holds a token" },
]

/** All of them in one: nearly every file of a workspace has none of these names. */
const ANY_NAME = new RegExp(NAMES.map(({ pattern }) => pattern.source).join("|"))

/** Folders that nobody keeps secrets of theirs in, and that are too large to look through for every command. */
export const PASSED_OVER: ReadonlySet<string> = new Set(["node_modules", ".git", ".hg", ".svn", ".jj"])

/** Where the system keeps what everybody may read: public certificates above all. */
export const OF_SYSTEM =
  /^\/(?:usr|lib|lib32|lib64|bin|sbin|etc\/ssl\/certs|etc\/pki\/tls\/certs|etc\/ca-certificates|nix|opt)\//
