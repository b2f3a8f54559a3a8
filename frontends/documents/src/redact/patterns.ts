import type { SecretKind } from "./kinds.ts"

/** One shape of secret. Named groups `before` and `after` stay, the rest is taken out. */
export interface SecretShape {
  readonly kind: SecretKind
  readonly pattern: RegExp
}

const shape = (kind: SecretKind, pattern: RegExp): SecretShape => ({ kind, pattern })

/** Words that name a secret when they are the end, or all, of a name. What stands before them is not looked at. */
const SECRET_WORD =
  "(?:password|passwd|passphrase|pwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|auth[_-]?key|account[_-]?key|signing[_-]?key|encryption[_-]?key|client[_-]?secret|credentials?)"
const SECRET_NAME = `${SECRET_WORD}(?:[_-]?(?:id|base64|b64|value|prod|dev|test|\\d+))?`

/**
 * In the order in which they are looked for: what is long and sure first, so that a shorter one does not tear it. Quotes
 * may be escaped, because much text is JSON in a string. Each is bounded, or begins where a word does: a text of any size
 * takes time by its length.
 */
export const SHAPES: readonly SecretShape[] = [
  shape(
    "private_key",
    /-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----|$)/g,
  ),
  shape("private_key", /\bAGE-SECRET-KEY-1[A-Z0-9]{20,}/g),
  shape("provider_key", /\bsk-(?:ant-|proj-|or-|svcacct-|admin-|lf-)?[\w-]{16,}/g),
  shape(
    "provider_key",
    /\b(?:AIza[\w-]{30,}|(?:gsk|r8|hf|fw|csk|tgp_v1)_[A-Za-z0-9_-]{16,}|(?:xai|pplx|nvapi|dsk)-[\w-]{16,})/g,
  ),
  shape("cloud_key", /\b(?:AKIA|ASIA|AIDA|AROA|ABIA|ACCA)[A-Z0-9]{16}\b/g),
  shape(
    "cloud_key",
    /(?<before>\baws_?(?:secret_?access_?key|session_?token)\\?["']?\s*[=:]\s*\\?["']?)[A-Za-z0-9/+=]{16,}/gi,
  ),
  shape("cloud_key", /\b(?:ya29\.[\w-]{16,}|GOCSPX-[\w-]{16,}|dop_v1_[a-f0-9]{32,}|AccountKey=[A-Za-z0-9+/=]{40,})/g),
  shape(
    "code_host_token",
    /\b(?:gh[pousr]_[A-Za-z0-9]{16,}|github_pat_\w{20,}|gl(?:pat|dt|ptt|rt)-[\w-]{16,}|npm_[A-Za-z0-9]{30,}|pypi-[\w-]{30,}|ATATT[\w=-]{20,}|dckr_pat_[\w-]{16,})/g,
  ),
  shape(
    "chat_token",
    /\bxox[a-z]-[A-Za-z0-9-]{10,}|\bxapp-\d-[A-Za-z0-9-]{10,}|hooks\.slack\.com\/(?:services|workflows)\/[\w/]{16,}/g,
  ),
  shape(
    "chat_token",
    /\b(?:[sr]k_(?:live|test)_[A-Za-z0-9]{16,}|whsec_[A-Za-z0-9+/=]{16,}|SG\.[\w-]{16,}\.[\w-]{16,}|\d{8,10}:AA[\w-]{32,})/g,
  ),
  shape("web_token", /(?<![\w-])eyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?/g),
  // The whole value to the end of its line or string, because what it is made of differs.
  shape("header", /(?<before>\b(?:proxy-)?authorization\\?["']?\s*[:=]\s*\\?["']?)(?!\s|\[)[^\r\n"'\\]{4,}/gi),
  shape(
    "header",
    /(?<before>\b(?:x-[\w-]{0,40}(?:key|token|secret)|api-key|(?:set-)?cookie|x-amz-signature)\\?["']?\s*:\s*\\?["']?)(?!\s|\[)[^\r\n"'\\]{4,}/gi,
  ),
  shape("header", /(?<before>\bbearer\s+)[\w.~+/=-]{12,}/gi),
  shape(
    "url_credentials",
    /(?<before>\b[a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/@"'<>]{0,256}:[^\s/@"'<>]{1,256}(?<after>@)/gi,
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
  shape("assignment", /(?<before>\bmachine\s+\S+\s+login\s+\S+\s+password\s+)\S{3,}/gi),
]

export const EMAIL = shape(
  "email",
  // The user that all clone as is nobody.
  /(?<![\w.+-])(?!git@)[\w.+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){0,6}\.[A-Za-z]{2,24}\b/g,
)

/** Names of environment variables whose values are secrets. */
export const SECRET_VARIABLE =
  /(?:^|_)(?:KEY|TOKEN|SECRET|PASSWORD|PASSWD|PASS|PASSPHRASE|PWD|CREDENTIALS?|AUTH|COOKIE|DSN)(?:$|_)|APIKEY|CONNECTION_STRING/i
