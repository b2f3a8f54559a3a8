/** How many children there may be, and for how long. */
export interface AgentLimits {
  /** How deep: 1 lets a session have children, and them none. */
  readonly depthMax: number
  /** Of one session at once; the others wait. */
  readonly runningMax: number
  /** Wall clock of one that says nothing else. */
  readonly timeoutMs: number
  /** So often each is heard of at least. */
  readonly beatMs: number
}
