import { type Id, type IdPrefix, isId } from "./ids.ts"
import * as z from "./schema.ts"

/** A schema for one kind of id. */
export function idSchema<const P extends IdPrefix>(prefix: P) {
  return z.custom<Id<P>>((value) => typeof value === "string" && isId(prefix, value), {
    message: `Expected an id like ${prefix}_…`,
  })
}
