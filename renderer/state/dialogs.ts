import { useApp } from './app.ts'

const asked: (() => boolean)[] = [() => useApp.getState().overlay !== 'none']

/** A feature says when one of its dialogs was asked for. */
export function provideDialogs(isAsked: () => boolean): void {
  asked.push(isAsked)
}

/** Whether a dialog was asked for, be it on screen yet or not: the keys are its own from then on. */
export const isDialogAsked = (): boolean => asked.some(isAsked => isAsked())
