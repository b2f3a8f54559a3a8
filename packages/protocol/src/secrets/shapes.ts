import { lazy } from "../lazy.ts"

/** What a shape is one of, each with the words that stand in a report. */
export const SHAPE_KINDS = {
  private_key: "private keys",
  provider_key: "keys of model providers",
  cloud_key: "keys of clouds",
  code_host_token: "tokens of code hosts and registries",
  messenger_token: "tokens of messengers and payment services",
  web_token: "web tokens",
  header: "headers that authorise",
  assignment: "passwords and secrets given a value",
  url_credentials: "addresses with a name and password",
} as const
export type ShapeKind = keyof typeof SHAPE_KINDS

/**
 * One shape of secret. Named groups `before` and `after` stay, the rest is taken out. `hints`, where there are any: in
 * small letters, one of them is in every text that holds the shape. It is sure enough to be taken out of what is worked
 * with only when it has hints; the others also match code that is no secret, which does no harm in what is given away.
 */
export interface SecretShape {
  readonly kind: ShapeKind
  readonly pattern: RegExp
  readonly hints?: readonly string[] | undefined
}

const shape = (kind: ShapeKind, pattern: RegExp, hints?: readonly string[]): SecretShape => ({ kind, pattern, hints })

/** What stands for a secret where it was taken out of what is worked with. */
export function secretMark(name: string): string {
  return `[secret: ${name}]`
}

/** A text that `secretMark` gave. What holds one was not seen as it is. */
export const SECRET_MARK = /\[secret: [^\]\n]{1,80}\]/

/** Words that name a secret when they are the end, or all, of a name. What stands before them is not looked at. */
const SECRET_WORD =
  "(?:password|passwd|passphrase|pwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|auth[_-]?key|account[_-]?key|signing[_-]?key|encryption[_-]?key|client[_-]?secret|credentials?)"
const SECRET_NAME = `${SECRET_WORD}(?:[_-]?(?:id|base64|b64|value|prod|dev|test|\\d+))?`

/**
 * In the order in which they are looked for: what is long and sure first, so that a shorter one does not tear it. Quotes
 * may be escaped, because much text is JSON in a string. Each is bounded, or begins where a word does: a text of any size
 * takes time by its length.
 */
export const secretShapes: () => readonly SecretShape[] = lazy(() => [
  shape(
    "private_key",
    // With line numbers, a diff's signs or escaped line ends in it; one whose end was cut off goes on while it looks like one.
    /-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----(?:[\w+/=\s:,.\\|-]*?-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----|[\w+/=\s:,.\\|-]{16,})/g,
    ["private key"],
  ),
  shape("private_key", /\bAGE-SECRET-KEY-1[A-Z0-9]{20,}/g, ["age-secret-key-1"]),
  shape("provider_key", /\bsk-(?:ant-|proj-|or-|svcacct-|admin-|lf-)?[\w-]{16,}/g, ["sk-"]),
  shape(
    "provider_key",
    /\b(?:AIza[\w-]{30,}|(?:gsk|r8|hf|fw|csk|tgp_v1)_[A-Za-z0-9_-]{16,}|(?:xai|pplx|nvapi|dsk)-[\w-]{16,})/g,
    ["aiza", "gsk_", "r8_", "hf_", "fw_", "csk_", "tgp_v1_", "xai-", "pplx-", "nvapi-", "dsk-"],
  ),
  shape("cloud_key", /\b(?:AKIA|ASIA|AIDA|AROA|ABIA|ACCA)[A-Z0-9]{16}\b/g, [
    ...["akia", "asia", "aida", "aroa", "abia", "acca"],
  ]),
  shape(
    "cloud_key",
    /(?<before>\baws_?(?:secret_?access_?key|session_?token)\\?["']?\s*[=:]\s*\\?["']?)[A-Za-z0-9/+=]{16,}/gi,
    ["secret", "session"],
  ),
  shape("cloud_key", /\b(?:ya29\.[\w-]{16,}|GOCSPX-[\w-]{16,}|dop_v1_[a-f0-9]{32,}|AccountKey=[A-Za-z0-9+/=]{40,})/g, [
    ...["ya29.", "gocspx-", "dop_v1_", "accountkey="],
  ]),
  shape(
    "code_host_token",
    /\b(?:gh[pousr]_[A-Za-z0-9]{16,}|github_pat_\w{20,}|gl(?:pat|dt|ptt|rt)-[\w-]{16,}|npm_[A-Za-z0-9]{30,}|pypi-[\w-]{30,}|ATATT[\w=-]{20,}|dckr_pat_[\w-]{16,})/g,
    [
      "ghp_",
      "gho_",
      "ghu_",
      "ghs_",
      "ghr_",
      "github_pat_",
      "glpat-",
      "gldt-",
      "glptt-",
      "glrt-",
      "npm_",
      "pypi-",
      "atatt",
      "dckr_pat_",
    ],
  ),
  shape(
    "messenger_token",
    /\bxox[a-z]-[A-Za-z0-9-]{10,}|\bxapp-\d-[A-Za-z0-9-]{10,}|hooks\.slack\.com\/(?:services|workflows)\/[\w/]{16,}/g,
    ["xox", "xapp-", "hooks.slack.com"],
  ),
  shape(
    "messenger_token",
    /\b(?:[sr]k_(?:live|test)_[A-Za-z0-9]{16,}|whsec_[A-Za-z0-9+/=]{16,}|SG\.[\w-]{16,}\.[\w-]{16,}|\d{8,10}:AA[\w-]{32,})/g,
    ["k_live_", "k_test_", "whsec_", "sg.", ":aa"],
  ),
  shape("web_token", /(?<![\w-])eyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?/g, ["eyj"]),
  // The whole value to the end of its line or string, because what it is made of differs.
  shape("header", /(?<before>\b(?:proxy-)?authorization\\?["']?\s*[:=]\s*\\?["']?)(?!\s|\[)[^\r\n"'\\]{4,}/gi),
  shape(
    "header",
    /(?<before>\b(?:x-[\w-]{0,40}(?:key|token|secret)|api-key|(?:set-)?cookie|x-amz-signature)\\?["']?\s*:\s*\\?["']?)(?!\s|\[)[^\r\n"'\\]{4,}/gi,
  ),
  shape("header", /(?<before>\bbearer\s+)[\w.~+/=-]{12,}/gi, ["bearer"]),
  shape(
    "url_credentials",
    /(?<before>\b[a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/@"'<>]{0,256}:[^\s/@"'<>]{1,256}(?<after>@)/gi,
    ["://"],
  ),
  shape("url_credentials", /(?<before>\b(?:https?|git|ssh):\/\/)(?!git@)[^\s/:@"'<>]{12,512}(?<after>@)/gi),
  shape(
    "url_credentials",
    /(?<before>[?&](?:key|sig|signature|code|x-amz-(?:signature|credential|security-token)|[\w-]{0,40}(?:token|secret|api[_-]?key))=)[^\s&"'<>#\\]{4,}/gi,
  ),
  // Quoted, whatever it holds.
  shape(
    "assignment",
    new RegExp(`(?<before>${SECRET_NAME}\\\\?["'\`]?\\s*(?::|=|=>|:=)\\s*\\\\?["'\`])[^"'\`\\\\\\r\\n]{3,}`, "gi"),
  ),
  // As a shell, an .env file or an option writes it, unless it only names where it is.
  shape("assignment", new RegExp(`(?<before>${SECRET_NAME}=)(?![\\s"'$=\\[])[^\\s"'&;|)<>\\\\]{3,}`, "gi")),
  shape(
    "assignment",
    new RegExp(
      `(?<before>(?<![\\w-])--?[\\w-]{0,30}${SECRET_NAME}[ =]\\s*\\\\?["']?)(?![-$"'\\[\\s])[^\\s"'&;|)<>\\\\]{3,}`,
      "gi",
    ),
  ),
  // `password: hunter2` is one, `token: string` and `token = next()` are code.
  shape(
    "assignment",
    new RegExp(
      `(?<before>${SECRET_NAME}\\s*[:=]\\s+)(?=[^\\s"'(),;]*[0-9!@#%^&*+/-])(?![\\w.]*\\()[^\\s"'(),;{}<>\\\\]{6,}`,
      "gi",
    ),
  ),
  shape("assignment", /(?<before>\bmachine\s+\S+\s+login\s+\S+\s+password\s+)[^\s"'\\]{3,}/gi, ["machine"]),
])

/**
 * A line of an environment file, as it is printed by itself, by `export -p`, in a diff, behind a line number or a path.
 * Code does not look like this; a shell script may, and names where its secrets are.
 */
export const environmentLine: () => SecretShape = lazy(() =>
  shape(
    "assignment",
    /(?<before>^(?:[\w./-]{1,200}[:-]\d{1,7}[:-]|[ \d]{1,7}\t|[+-])?[ \t]*["']?(?:export[ \t]+|declare[ \t]+-\w+[ \t]+)?(?<name>[A-Z0-9_]{0,40}(?:KEY|TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|CREDENTIALS?|PRIVATE)[A-Z0-9_]{0,40})[ \t]{0,2}=[ \t]{0,2}["']?)[^\s"'`$(){}<>;,\\]{6,}/gm,
    ["="],
  ),
)

/**
 * Names of environment variables whose values are secrets; no list is complete, so the value is looked at too. A name
 * that only sounds like one is no secret.
 */
export function isSecretVariable(name: string, value: string): boolean {
  return (SECRET_VARIABLE.test(name) && !NOT_SECRET.test(name)) || SECRET_IN_VALUE.test(value)
}

const SECRET_VARIABLE =
  /KEY|TOKEN|SECRET|PASSW|PASSPHRASE|PASSCODE|CREDENTIAL|PRIVATE|COOKIE|SIGNATURE|CONNECTION_STRING|_PWD$|_PW$|_PAT$|_SK$|PASS$|WEBHOOK|_SALT$|(^|_)(DSN|AUTH|PASS|JWT|CERT|SID)(_|$)/i
const NOT_SECRET =
  /^(KEYBOARD|KEYMAP|XKB_|(?:\w*_)?(?:BYPASS|COMPASS)$|TOKENIZERS_PARALLELISM$|GOPRIVATE$|SSH_AUTH_SOCK$|SSL_CERT_(FILE|DIR)$)/i
/** A password inside an address, and the beginnings that key issuers use. */
const SECRET_IN_VALUE =
  /:\/\/[^/\s@:]*:[^/\s@]+@|\b(sk-[A-Za-z0-9_-]{16}|gh[pousr]_[A-Za-z0-9]{20}|github_pat_|glpat-|xox[abprs]-|AKIA[0-9A-Z]{12}|AIza[0-9A-Za-z_-]{30})|-----BEGIN|"\w*(?:[kK]ey|[tT]oken|[sS]ecret|[pP]assword)"\s*:\s*"[^"]{8}|\beyJ[A-Za-z0-9_-]{8,}\.eyJ/

/**
 * A shorter key is no secret that anybody gave out, but a word such as `k` or `none` for a server that asks for any: taking it
 * out of a text would only tear other words.
 */
export const KEY_CHARS_MIN = 6

/** Words that stand where a secret goes, so that taking them out would only tear a text. */
export function isPlaceholder(value: string): boolean {
  return PLACEHOLDER.test(value) || /^(.)\1*$/.test(value)
}

const PLACEHOLDER =
  /^(?:$|\[|<|\.\.\.|…|[$%{*]|x{4,}|your[-_]|change[-_]?(?:me|it|this)|(?:none|null|undefined|true|false|string|password|passw0rd|secret|postgres|mysql|root|admin|guest|user|redacted|example)$)/i
