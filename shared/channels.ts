/** The two channels between preload and main process; pages cannot name any. */
export const callChannel = 'prescreen:call'
export const eventChannel = 'prescreen:event'

/** The query in the address of the second window's page, by which it knows what it is. */
export const loupeQuery = '?loupe'
