import { createHash, createHmac } from "node:crypto"

/** The keys that a request must have been signed with. */
export interface SigningKeys {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string | undefined
}

export interface SignedRequest {
  readonly method: string
  /** As it was sent: what is encoded in it stays so. */
  readonly path: string
  readonly headers: Headers
  readonly text: string
}

/**
 * What is wrong with a request's AWS Signature Version 4, undefined when nothing is. The signature is made again, as the
 * service does it: the path is encoded once more, headers are those that the request names.
 * Source: the AWS General Reference, "Create a signed AWS API request".
 */
export function signatureFault(request: SignedRequest, keys: SigningKeys): string | undefined {
  const given = request.headers.get("authorization") ?? ""
  const found =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/.exec(
      given,
    )
  if (found === null) return `no signature: ${given.slice(0, 40)}`
  const [, id = "", day = "", region = "", service = "", names = "", signature = ""] = found
  if (id !== keys.accessKeyId) return "another access key"
  if ((request.headers.get("x-amz-security-token") ?? undefined) !== keys.sessionToken) return "another session token"
  const scope = `${day}/${region}/${service}/aws4_request`
  const canonical = [
    request.method,
    request.path.split("/").map(encodeURIComponent).join("/"),
    "",
    ...names.split(";").map((name) => `${name}:${(request.headers.get(name) ?? "").trim()}`),
    "",
    names,
    sha256(request.text),
  ].join("\n")
  const text = ["AWS4-HMAC-SHA256", request.headers.get("x-amz-date") ?? "", scope, sha256(canonical)].join("\n")
  const key = [day, region, service, "aws4_request"].reduce<string | Buffer>(
    (secret, part) => hmac(secret, part),
    `AWS4${keys.secretAccessKey}`,
  )
  return hmac(key, text).toString("hex") === signature ? undefined : `the signature does not match for ${request.path}`
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex")
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest()
}
