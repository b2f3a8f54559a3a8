import { join } from "node:path"
import { SkeinError } from "@skein/protocol"
import { keyFileReader } from "../key-file.ts"

/** Where Vault is, and who asks. */
export interface VaultAddress {
  /** Without a slash at its end. */
  readonly url: string
  readonly host: string
  readonly mount: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  /** Said each time: NODE_TLS_REJECT_UNAUTHORIZED=0 would else switch it off. */
  readonly tls: { readonly ca?: string; readonly rejectUnauthorized: true } | undefined
  /** This machine itself: never asked through a proxy, which would read the token. */
  readonly isOwnMachine: boolean
  readonly warning: string | undefined
  /** Where version 2 of the engine has the newest version of a secret. */
  dataPath(provider: string): string
}

type Environment = Readonly<Record<string, string | undefined>>

/** Reads the variables that Vault's own program reads. Throws SkeinError `secret.unavailable`. */
export async function vaultAddress(env: Environment, home: string): Promise<VaultAddress> {
  const given = text(env.VAULT_ADDR) ?? ""
  if (!URL.canParse(given) || !/^https?:$/.test(new URL(given).protocol))
    throw unusable("VAULT_ADDR is no http:// or https:// address")
  const url = new URL(given)
  if (url.username !== "" || url.password !== "") throw unusable("VAULT_ADDR holds a name or password")
  if (isTrue(env.VAULT_SKIP_VERIFY))
    throw unusable(
      "VAULT_SKIP_VERIFY would give the token to whoever answers. Unset it, and name the certificate in VAULT_CACERT",
    )
  const mount = plain(text(env.VAULT_MOUNT) ?? "secret", "VAULT_MOUNT")
  const path = plain(text(env.VAULT_SECRETS_PATH) ?? "skein/providers", "VAULT_SECRETS_PATH")
  const namespace = text(env.VAULT_NAMESPACE)
  const token = tokenOf(env, home)
  const ca = certificateOf(text(env.VAULT_CACERT))
  const isOwnMachine = /^(?:localhost|\[::1\]|127(?:\.\d+){3})$/.test(url.hostname)
  const isOpen = url.protocol === "http:" && !isOwnMachine
  return {
    url: `${url.origin}${url.pathname.replace(/\/+$/, "")}`,
    host: url.host,
    mount,
    path,
    headers: {
      "x-vault-token": token,
      "x-vault-request": "true",
      ...(namespace === undefined ? {} : { "x-vault-namespace": namespace }),
    },
    tls: url.protocol === "http:" ? undefined : { rejectUnauthorized: true, ...(ca === undefined ? {} : { ca }) },
    isOwnMachine,
    warning: isOpen
      ? `Vault at ${url.host} is asked without TLS: whoever is on the way reads the token and the keys. Give VAULT_ADDR an https:// address.`
      : undefined,
    dataPath: (provider) => `${mount}/data/${path}/${encodeURIComponent(provider)}`,
  }
}

function tokenOf(env: Environment, home: string): string {
  const given = text(env.VAULT_TOKEN)
  if (given !== undefined) return sendable(given, "VAULT_TOKEN")
  const named = text(env.VAULT_TOKEN_FILE)
  const file = named ?? join(home, ".vault-token")
  try {
    const { text: found, mode } = keyFileReader(file)()
    if (mode !== undefined && (mode & 0o077) !== 0)
      throw unusable(`the token file ${file} can be read by others. Run: chmod 600 ${file}`)
    if (found.trim() !== "") return sendable(found.trim(), file)
  } catch (cause) {
    if (named !== undefined || !isMissing(cause)) throw cause
  }
  throw unusable("VAULT_ADDR is set, and there is no token. Set VAULT_TOKEN, or log in with: vault login")
}

function isMissing(error: unknown): boolean {
  const cause = error instanceof SkeinError ? error.cause : undefined
  return cause instanceof Error && "code" in cause && cause.code === "ENOENT"
}

function sendable(token: string, from: string): string {
  if (/^[\x21-\x7e]+$/.test(token)) return token
  throw unusable(`the token in ${from} holds characters that cannot be sent`)
}

function certificateOf(file: string | undefined): string | undefined {
  if (file === undefined) return undefined
  const { text: found } = keyFileReader(file, CERTIFICATE_BYTES_MAX)()
  if (found.includes("-----BEGIN CERTIFICATE-----")) return found
  throw unusable(`VAULT_CACERT, ${file}, holds no PEM certificate`)
}

const CERTIFICATE_BYTES_MAX = 1024 * 1024

/** A path of names: no `..` and no query, whoever set the variable. */
function plain(path: string, variable: string): string {
  const bare = path.replace(/^\/+|\/+$/g, "")
  if (/^[\w.-]+(?:\/[\w.-]+)*$/.test(bare) && !/(?:^|\/)\.\.?(?:\/|$)/.test(bare)) return bare
  throw unusable(`${variable} is no path of plain names`)
}

function text(value: string | undefined): string | undefined {
  const bare = value?.trim()
  return bare === "" ? undefined : bare
}

function isTrue(value: string | undefined): boolean {
  return /^(?:1|t|true)$/i.test(value?.trim() ?? "")
}

function unusable(why: string): SkeinError {
  return new SkeinError("secret.unavailable", `Vault cannot be asked: ${why}.`)
}
