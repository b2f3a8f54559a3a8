import { ID_CHARS, type Id, type IdPrefix } from "./ids.ts"
import * as z from "./schema.ts"

const kept = new Map<IdPrefix, z.ZodType>()

/** A schema for one kind of id. */
export function idSchema<const P extends IdPrefix>(prefix: P): z.ZodType<Id<P>> {
  const schema = kept.get(prefix) ?? built(prefix)
  kept.set(prefix, schema)
  // A text of that pattern is an id of that kind.
  return schema as z.ZodType<Id<P>>
}

function built(prefix: IdPrefix): z.ZodType {
  const error = `Expected an id like ${prefix}_…`
  return z.string({ error }).regex(new RegExp(`^${prefix}_${ID_CHARS}$`), { error })
}
