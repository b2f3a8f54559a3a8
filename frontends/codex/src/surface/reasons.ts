export const CLOUD = "it is a service of one provider's, for its own accounts"
export const WINDOWS = "it is about Windows, which skein does not run on"
export const SECTIONS = "threads are found by name, folder and label; there are no sections to put them in"
export const ATTACHED = "nothing but its own work is kept with a thread"
export const QUEUE =
  "a turn is steered while it runs, or begun when it is over; input is not kept waiting for clients of this protocol"
export const VOICE = "there is no voice"
export const PROJECTS = "threads are of folders, not of projects"
export const GUARD = "approvals are answered by the client, and by no second model"
