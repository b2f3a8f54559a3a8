import { SkeinError } from "@skein/protocol"

/** A public key as a person keeps it. */
export interface PublicKey {
  /** `ed25519:` and the SHA-256 of its 32 bytes, hex. */
  readonly id: string
  /** Its 32 bytes in base64. */
  readonly key: string
}

export interface KeyPair {
  readonly id: string
  /** PKCS#8 and SubjectPublicKeyInfo, each as PEM. */
  readonly privatePem: string
  readonly publicPem: string
}

/** A new pair for signing (Ed25519, RFC 8032). */
export async function newKeyPair(): Promise<KeyPair> {
  const pair = await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"])
  if (!("privateKey" in pair)) throw new TypeError("Ed25519 gives a pair of keys")
  const [secret, open, raw] = await Promise.all([
    crypto.subtle.exportKey("pkcs8", pair.privateKey),
    crypto.subtle.exportKey("spki", pair.publicKey),
    crypto.subtle.exportKey("raw", pair.publicKey),
  ])
  return { id: idOf(new Uint8Array(raw)), privatePem: pem("PRIVATE KEY", secret), publicPem: pem("PUBLIC KEY", open) }
}

/** A public key of a person's file or words: PEM, or its 32 bytes in base64. Throws SkeinError `op.invalid`. */
export async function publicKeyOf(text: string): Promise<PublicKey> {
  if (/PRIVATE KEY/.test(text))
    throw new SkeinError("op.invalid", "That is a private key: keep it to yourself. Give its public one, FILE.pub.")
  const der = pemBytes("PUBLIC KEY", text)
  const raw = der === undefined ? Buffer.from(text.trim(), "base64") : await rawOf(der)
  if (raw.length !== RAW_BYTES)
    throw new SkeinError("op.invalid", "That is no Ed25519 public key: it takes a PEM file, or 32 bytes in base64.")
  return { id: idOf(raw), key: Buffer.from(raw).toString("base64") }
}

/** Signs with a private key in PEM. Gives the signature in base64 and the id of its key. Throws SkeinError `op.invalid`. */
export async function signed(
  text: string,
  privatePem: string,
): Promise<{ readonly id: string; readonly signature: string }> {
  const der = pemBytes("PRIVATE KEY", privatePem)
  if (der === undefined)
    throw new SkeinError("op.invalid", "That is no private key in PEM. Make one: skein plugin keygen")
  const secret = await crypto.subtle.importKey("pkcs8", der, "Ed25519", true, ["sign"]).catch((cause: unknown) => {
    throw new SkeinError("op.invalid", "That is no Ed25519 private key. Make one: skein plugin keygen", { cause })
  })
  const { x } = await crypto.subtle.exportKey("jwk", secret)
  const signature = await crypto.subtle.sign("Ed25519", secret, Buffer.from(text))
  return { id: idOf(Buffer.from(x ?? "", "base64url")), signature: Buffer.from(signature).toString("base64") }
}

/** Whether the key signed exactly this text. */
export async function isSignedBy({ key }: PublicKey, text: string, signature: string): Promise<boolean> {
  const bytes = Buffer.from(signature, "base64")
  // Base64 that is read generously would make many texts of one signature.
  if (bytes.length !== SIGNATURE_BYTES || bytes.toString("base64") !== signature) return false
  const open = await crypto.subtle.importKey("raw", Buffer.from(key, "base64"), "Ed25519", false, ["verify"])
  return await crypto.subtle.verify("Ed25519", open, bytes, Buffer.from(text))
}

const RAW_BYTES = 32
const SIGNATURE_BYTES = 64

function idOf(raw: Uint8Array): string {
  return `ed25519:${Bun.CryptoHasher.hash("sha256", raw, "hex")}`
}

async function rawOf(spki: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const open = await crypto.subtle.importKey("spki", spki, "Ed25519", true, ["verify"]).catch((cause: unknown) => {
    throw new SkeinError("op.invalid", "That is no Ed25519 public key.", { cause })
  })
  return new Uint8Array(await crypto.subtle.exportKey("raw", open))
}

function pem(label: string, der: ArrayBuffer): string {
  const lines =
    Buffer.from(der)
      .toString("base64")
      .match(/.{1,64}/g) ?? []
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ""].join("\n")
}

function pemBytes(label: string, text: string): Uint8Array<ArrayBuffer> | undefined {
  const inner = new RegExp(`-----BEGIN ${label}-----([A-Za-z0-9+/=\\s]*)-----END ${label}-----`).exec(text)?.[1]
  return inner === undefined ? undefined : new Uint8Array(Buffer.from(inner, "base64"))
}
