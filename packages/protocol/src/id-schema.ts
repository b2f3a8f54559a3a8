import { ID_CHARS, type Id, type IdPrefix } from "./ids.ts"
import { lazyBy } from "./lazy.ts"
import * as z from "./schema.ts"

const schemaOf = lazyBy((prefix: IdPrefix): z.ZodType => {
  const error = `Expected an id like ${prefix}_…`
  return z.string({ error }).regex(new RegExp(`^${prefix}_${ID_CHARS}$`), { error })
})

/** A schema for one kind of id. */
export function idSchema<const P extends IdPrefix>(prefix: P): z.ZodType<Id<P>> {
  // A text of that pattern is an id of that kind.
  return schemaOf(prefix) as z.ZodType<Id<P>>
}
