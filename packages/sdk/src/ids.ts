import type { Id, IdPrefix } from "@skein/protocol"

/** A new id of its kind. Later ones sort after earlier ones. */
export function newId<const P extends IdPrefix>(prefix: P): Id<P> {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  const at = Date.now()
  for (let index = 0; index < 6; index++) bytes[index] = Math.floor(at / 256 ** (5 - index)) % 256
  bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f)
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f)
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("")
  return `${prefix}_${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
