import { generateKeyPairSync, randomBytes, sign } from "node:crypto"

/** A certificate for the names, signed by itself, and its key: what a network's own authority would give. */
export function selfSigned(names: readonly string[]): { readonly key: string; readonly certificate: string } {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" })
  const who = sequence(set(sequence(COMMON_NAME, utf8("a test"))))
  const valid = sequence(time(-1), time(1))
  const alternative = sequence(...names.map((name) => der(0x82, Buffer.from(name))))
  const isAuthority = sequence(der(0x01, Buffer.from([0xff])))
  const extensions = sequence(
    sequence(SUBJECT_ALT_NAME, der(0x04, alternative)),
    sequence(BASIC_CONSTRAINTS, der(0x04, isAuthority)),
  )
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    sequence(ECDSA_SHA256),
    who,
    valid,
    who,
    publicKey.export({ type: "spki", format: "der" }),
    der(0xa3, extensions),
  )
  const signature = der(0x03, Buffer.concat([Buffer.from([0]), sign("sha256", body, privateKey)]))
  const lines = sequence(body, sequence(ECDSA_SHA256), signature)
    .toString("base64")
    .replace(/.{1,64}/g, "$&\n")
  return {
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    certificate: `-----BEGIN CERTIFICATE-----\n${lines}-----END CERTIFICATE-----\n`,
  }
}

// Object identifiers: 1.2.840.10045.4.3.2, 2.5.4.3, 2.5.29.17, 2.5.29.19.
const ECDSA_SHA256 = der(0x06, Buffer.from([0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02]))
const COMMON_NAME = der(0x06, Buffer.from([0x55, 0x04, 0x03]))
const SUBJECT_ALT_NAME = der(0x06, Buffer.from([0x55, 0x1d, 0x11]))
const BASIC_CONSTRAINTS = der(0x06, Buffer.from([0x55, 0x1d, 0x13]))

function der(tag: number, content: Buffer): Buffer {
  const size = content.length
  const length = size < 128 ? [size] : size < 256 ? [0x81, size] : [0x82, size >> 8, size & 0xff]
  return Buffer.concat([Buffer.from([tag, ...length]), content])
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return der(0x30, Buffer.concat(parts))
}

function set(...parts: readonly Buffer[]): Buffer {
  return der(0x31, Buffer.concat(parts))
}

function utf8(text: string): Buffer {
  return der(0x0c, Buffer.from(text))
}

function time(days: number): Buffer {
  const at = new Date(Date.now() + days * 86_400_000).toISOString()
  return der(0x17, Buffer.from(`${at.slice(2, 19).replace(/[-:T]/g, "")}Z`))
}
