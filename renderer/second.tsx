import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { bridge, invoke } from './base/bridge.ts'
import { zoomCommands } from './features/inspector/contribution.ts'
import { pressedInSecond, SecondPage, takeView } from './features/inspector/second-page.tsx'
import { provideCommands } from './state/commands.ts'

/** The page of the second window: it listens to the first and draws. */
export async function startSecondWindow(root: HTMLElement): Promise<void> {
  provideCommands(zoomCommands)
  window.addEventListener('keydown', pressedInSecond)
  bridge.on('loupeView', view => void takeView(view))
  const view = await invoke('loupe.look', {})
  if (view !== undefined) void takeView(view)
  createRoot(root).render(
    <StrictMode>
      <SecondPage />
    </StrictMode>,
  )
}
