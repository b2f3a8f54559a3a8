import { ToolFailure } from "@skein/core/ports"

/** Settings with what they name of the person's environment put in. */
export interface Expanded {
  readonly text: string
  /** What was put in: such as may be a secret. */
  readonly values: readonly string[]
}

/**
 * `${NAME}`, `${NAME:-otherwise}` and `$NAME`. One in braces that is not set throws ToolFailure; without braces it stands
 * for itself, as it may be a part of a password.
 */
export function expanded(text: string, env: Readonly<Record<string, string | undefined>>, where: string): Expanded {
  const values: string[] = []
  const put = (value: string) => {
    values.push(value)
    return value
  }
  const whole = text.replace(NAMED, (found, braced?: string, otherwise?: string, bare?: string) => {
    const value = env[braced ?? bare ?? ""]
    if (value !== undefined && (value !== "" || otherwise === undefined)) return put(value)
    if (bare !== undefined) return found
    if (otherwise !== undefined) return put(otherwise.slice(2))
    throw new ToolFailure(
      `${where} names \${${braced}}, which is not set in the environment. Set it, and start skein anew.`,
    )
  })
  return { text: whole, values }
}

const NAMED = /\$\{([A-Za-z_][A-Za-z0-9_]*)(:-[^}]*)?\}|\$([A-Za-z_][A-Za-z0-9_]*)/g
