/**
 * A Dockerfile as its steps, and the means to take them without a container engine: every absolute path of the image is
 * moved below a folder, and what it sets holds from there on. It knows the instructions that ours uses, and refuses others.
 */

export interface Step {
  readonly instruction: string
  readonly words: string
}

const known = ['FROM', 'WORKDIR', 'COPY', 'RUN', 'USER', 'ENV', 'VOLUME', 'EXPOSE', 'HEALTHCHECK', 'ENTRYPOINT', 'CMD']

export function stepsOf(dockerfile: string): readonly Step[] {
  const lines = dockerfile.replaceAll(/\\\n\s*/g, '').split('\n')
  return lines
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .map((line) => {
      const [, instruction = '', words = ''] = /^(\w+) (.*)$/.exec(line) ?? []
      if (!known.includes(instruction)) throw new Error(`A step is not understood: ${line}`)
      return { instruction, words }
    })
}

/** The words of the one step of this kind, as the list that the exec form is. */
export function execForm(steps: readonly Step[], instruction: string): readonly string[] {
  const [step, ...more] = steps.filter((candidate) => candidate.instruction === instruction)
  if (step === undefined || more.length > 0) throw new Error(`The Dockerfile must have one ${instruction}.`)
  return JSON.parse(step.words.replace(/^.*?(?=\[)/, '')) as string[]
}

/** A shell command of the image, with each of these folders of the image below `root`. */
export function movedBelow(root: string, command: string, folders: readonly string[]): string {
  return folders.reduce(
    (text, folder) => text.replaceAll(new RegExp(`(?<![\\w.])${folder}(?=[/ ]|$)`, 'g'), root + folder),
    command,
  )
}
