import { createVerify, generateKeyPairSync } from "node:crypto"
import { type IdentityServer, identityServer } from "./served.ts"

export interface GoogleServer extends IdentityServer {
  /** The JSON file of a service account whose key this server knows. */
  readonly serviceAccount: string
  /** The JSON file that gcloud writes for a person. */
  readonly authorizedUser: string
  takes(bearer: string | undefined): boolean
  /** Ends access tokens only: the next renewal gives a new one. */
  endAccess(): void
  revokeAll(): void
}

/** Google's token endpoint: it checks the signature of an assertion, whom it is for and its times. */
export function google(): GoogleServer {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 })
  const access = new Set<string>()
  let isRevoked = false

  function isSigned(assertion: string): boolean {
    const [head = "", claims = "", signature = ""] = assertion.split(".")
    const { aud, iss, iat, exp, scope } = JSON.parse(Buffer.from(claims, "base64url").toString()) as Record<
      string,
      unknown
    >
    const isTimely = typeof iat === "number" && typeof exp === "number" && exp - iat === 3_600
    const isOurs = aud === `${server.url}/token` && iss === "robot@project-7.test" && scope === SCOPE
    const isRight = createVerify("RSA-SHA256").update(`${head}.${claims}`).verify(publicKey, signature, "base64url")
    return isTimely && isOurs && isRight
  }

  const server = identityServer(({ path, fields }) => {
    if (path !== "/token") return undefined
    const isKnown =
      fields.grant_type === "refresh_token"
        ? fields.refresh_token === "google-refresh-1" && fields.client_secret === "google-client-secret"
        : fields.grant_type === GRANT && isSigned(String(fields.assertion))
    if (!isKnown || isRevoked)
      return Response.json(
        { error: "invalid_grant", error_description: "Token has been expired or revoked." },
        { status: 400 },
      )
    const token = `ya29.${crypto.randomUUID()}`
    access.add(token)
    return Response.json({ access_token: token, expires_in: 3_599, token_type: "Bearer" })
  })
  const token_uri = `${server.url}/token`
  return {
    ...server,
    serviceAccount: JSON.stringify({
      ...{
        type: "service_account",
        project_id: "project-7",
        private_key_id: "k1",
        client_email: "robot@project-7.test",
      },
      ...{ private_key: privateKey.export({ type: "pkcs8", format: "pem" }), token_uri },
    }),
    authorizedUser: JSON.stringify({
      ...{ type: "authorized_user", client_id: "google-client", client_secret: "google-client-secret" },
      ...{ refresh_token: "google-refresh-1", quota_project_id: "project-8", token_uri },
    }),
    takes: (bearer) => access.has((bearer ?? "").replace(/^Bearer /, "")),
    endAccess: () => access.clear(),
    revokeAll() {
      isRevoked = true
      access.clear()
    },
  }
}

const GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
const SCOPE = "https://www.googleapis.com/auth/cloud-platform"
