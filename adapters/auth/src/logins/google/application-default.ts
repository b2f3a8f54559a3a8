import { join } from "node:path"
import { SkeinError } from "@skein/protocol"
import { keyFileReader } from "../../key-file.ts"
import { type Fields, parsedFields, textIn, tokenIn } from "../fields.ts"
import { type Ground, said } from "../ground.ts"
import { secureUrl } from "../request.ts"

/** Google's application default credentials, of the kinds that stand for themselves. */
export type GoogleAccount =
  | {
      readonly kind: "service_account"
      readonly email: string
      readonly privateKey: string
      readonly keyId: string | undefined
      readonly tokenUrl: string
      readonly project: string | undefined
    }
  | {
      readonly kind: "authorized_user"
      readonly clientId: string
      readonly clientSecret: string
      readonly refreshToken: string
      readonly tokenUrl: string
      readonly project: string | undefined
    }

export interface FoundAccount {
  readonly account: GoogleAccount
  readonly path: string
}

const TOKEN_URL = "https://oauth2.googleapis.com/token"
const FILE_BYTES_MAX = 256 * 1024

/**
 * The file that GOOGLE_APPLICATION_CREDENTIALS names, else the one that `gcloud auth application-default login` writes.
 * Undefined: there is none. Throws SkeinError `config.invalid` for one that cannot be used.
 */
export function applicationDefault({
  env,
  home,
  isAllowed,
}: Pick<Ground, "env" | "home" | "isAllowed">): FoundAccount | undefined {
  if (!isAllowed("key_file")) return undefined
  const named = said(env, "GOOGLE_APPLICATION_CREDENTIALS")
  const folder = said(env, "CLOUDSDK_CONFIG") ?? join(home, ".config", "gcloud")
  const path = named ?? join(folder, "application_default_credentials.json")
  const text = textOf(path, named !== undefined)
  if (text === undefined) return undefined
  const fields = parsedFields(text)
  if (fields === undefined) throw unusable(path, "it is no JSON")
  return { account: accountOf(fields, path), path }
}

/** The project that is asked: as the environment says, else as the account has it. */
export function projectOf(env: Ground["env"], { project }: GoogleAccount): string | undefined {
  return said(env, "GOOGLE_CLOUD_PROJECT", "GCLOUD_PROJECT", "CLOUDSDK_CORE_PROJECT") ?? project
}

function textOf(path: string, isNamed: boolean): string | undefined {
  try {
    return keyFileReader(path, FILE_BYTES_MAX, "file of credentials")().text
  } catch (error) {
    const cause = error instanceof SkeinError ? error.cause : undefined
    if (!isNamed && cause instanceof Error && "code" in cause && cause.code === "ENOENT") return undefined
    throw unusable(path, "it cannot be read. Check the path and its permissions", error)
  }
}

function accountOf(fields: Fields, path: string): GoogleAccount {
  const tokenUrl = secureUrl(textIn(fields, "token_uri") ?? TOKEN_URL, `the token_uri of ${path}`).href
  const project = textIn(fields, "quota_project_id", "project_id")
  switch (fields.type) {
    case "service_account": {
      const [email, privateKey] = [textIn(fields, "client_email"), textIn(fields, "private_key")]
      if (email === undefined || privateKey === undefined) throw unusable(path, "it lacks client_email or private_key")
      const own = textIn(fields, "project_id") ?? project
      return {
        kind: "service_account",
        email,
        privateKey,
        keyId: textIn(fields, "private_key_id"),
        tokenUrl,
        project: own,
      }
    }
    case "authorized_user": {
      const [clientId, clientSecret] = [textIn(fields, "client_id"), textIn(fields, "client_secret")]
      const refreshToken = tokenIn(fields, "refresh_token")
      if (clientId === undefined || clientSecret === undefined || refreshToken === undefined)
        throw unusable(path, "it lacks client_id, client_secret or refresh_token")
      return { kind: "authorized_user", clientId, clientSecret, refreshToken, tokenUrl, project }
    }
    default:
      throw unusable(path, "it is neither a service_account nor an authorized_user, and skein knows no other kind")
  }
}

function unusable(path: string, why: string, cause?: unknown): SkeinError {
  return new SkeinError("config.invalid", `Cannot use the Google credentials in ${path}: ${why}.`, { cause })
}
