/** Agents have their own bounds of time; this one only ends a call that would wait for ever. */
export const AGENTS_TIMEOUT_MS = 12 * 3_600_000
/** Of one call. */
export const TASKS_MAX = 10
export const STEPS_MAX = 5
export const PROMPT_CHARS_MAX = 200_000
