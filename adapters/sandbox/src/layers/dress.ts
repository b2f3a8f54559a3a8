import type { Libc } from "./libc.ts"

const KEPT = /^(user\.|system\.posix_acl)/
/** The layer's own marks, which mean nothing elsewhere, or worse. */
const OWN_MARK = /^user\.overlay\./

/** Extended attributes and access lists. Labels of the system itself are the system's to give. */
export function copyAttributes(from: string, to: string, libc: Libc): void {
  for (const name of libc.attributesOf(from)) {
    const value = KEPT.test(name) && !OWN_MARK.test(name) ? libc.attribute(from, name) : undefined
    if (value !== undefined && !libc.setAttribute(to, name, value))
      throw Object.assign(new Error(`ENOTSUP: the attribute ${name} cannot be kept`), { code: "ENOTSUP" })
  }
}
