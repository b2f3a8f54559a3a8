/** SHA-256, hex, over a tool's name, its input in canonical form and what else must hold. */
export function digestOf(name: string, input: unknown, fingerprint = ""): string {
  return Bun.CryptoHasher.hash("sha256", JSON.stringify([name, canonical(input), fingerprint]), "hex")
}

/** The same value whatever the order of its keys. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical)
  if (typeof value !== "object" || value === null) return value
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : Number(a > b)))
    .map(([key, inner]) => [key, canonical(inner)])
}
