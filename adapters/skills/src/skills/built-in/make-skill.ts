/** How to write a skill that is found when it is needed and read in no longer than it must be. */
export const MAKE_SKILL = `---
name: make-skill
description: Write or improve an Agent Skill (a folder with a SKILL.md). Use it when the person wants to keep a way of working, a procedure or knowledge of a tool for later sessions, or when a skill is not used although it should be.
---

# Write an Agent Skill

A skill is a folder with a SKILL.md. Of all skills a model sees the name and the description from the start; the text is read only
when the skill is opened, and the folder's other files only when the text says so.

1. Find out what it is for. Ask for, or take from the conversation, one or two real tasks that it would have helped with, what went
   wrong without it, and what a good result looks like. What any model knows already does not belong into it.
2. Make the folder: \`skein skill make NAME --description "…"\` for the person, with \`--project\` for this repository. A name has
   lower-case letters, digits and single hyphens, at most 64 characters, and is the folder's own.
3. Write the description, at most 1024 characters: first what it does, then when to use it, with the words a person would say
   ("Use when a PDF is to be filled in, split or merged"). It is all that decides whether the skill is found.
4. Write the text, well below 500 lines, as steps to take in order: exact commands, names and paths; what to check after each step;
   what must not be done, and why. Explain choices, so that a case you did not think of can be decided.
5. Put what is needed only sometimes into \`references/\`, one file for one topic, and say in the text when to read which. Put what is
   always done the same way into a program in \`scripts/\`, and say how it is called and what it prints. Put templates into \`assets/\`.
   Paths are relative to the skill's folder.
6. Name tools that it needs in \`allowed-tools\` only where it cannot work without them, as narrow as possible: \`Bash(git log:*) Read\`.
   No keys and no passwords in any file.
7. Check it: \`skein skill validate FOLDER\`. Then begin a new session, give one of the tasks of step 1 without naming the skill, and see
   whether it is opened and followed. Change the description where it was not opened, the text where it was not followed.
`
