; Windows' "Open with" offers the program for the files that it reads, and it becomes nobody's default: an extension keeps
; the program that it has, and only learns of one more. What electron-builder makes of `fileAssociations` writes the
; extension's default instead, and leaves it behind, dead, when the program is removed.

!define MATERIAL_PROGID "Prescreen.Material"

!macro forEachMaterial ACTION
  !insertmacro ${ACTION} "jpg" "JPEG image"
  !insertmacro ${ACTION} "jpeg" "JPEG image"
  !insertmacro ${ACTION} "png" "PNG image"
  !insertmacro ${ACTION} "gif" "GIF image"
  !insertmacro ${ACTION} "webp" "WebP image"
  !insertmacro ${ACTION} "txt" "Text"
  !insertmacro ${ACTION} "csv" "Table"
!macroend

!macro offerFor EXT FORMER
  !insertmacro releaseFormer "${EXT}" "${FORMER}"
  WriteRegNone SHELL_CONTEXT "Software\Classes\.${EXT}\OpenWithProgids" "${MATERIAL_PROGID}"
!macroend

!macro withdrawFor EXT FORMER
  DeleteRegValue SHELL_CONTEXT "Software\Classes\.${EXT}\OpenWithProgids" "${MATERIAL_PROGID}"
!macroend

; Version 0.1.0 made itself the default under these names.
!macro releaseFormer EXT FORMER
  ReadRegStr $R0 SHELL_CONTEXT "Software\Classes\.${EXT}" ""
  ${if} $R0 == "${FORMER}"
    DeleteRegValue SHELL_CONTEXT "Software\Classes\.${EXT}" ""
  ${endIf}
!macroend

!macro tellShell
  ; SHCNE_ASSOCCHANGED
  System::Call 'shell32::SHChangeNotify(i, i, i, i) v (0x08000000, 0, 0, 0)'
!macroend

!macro customInstall
  WriteRegStr SHELL_CONTEXT "Software\Classes\${MATERIAL_PROGID}" "" "${PRODUCT_NAME}"
  WriteRegStr SHELL_CONTEXT "Software\Classes\${MATERIAL_PROGID}\DefaultIcon" "" "$appExe,0"
  WriteRegStr SHELL_CONTEXT "Software\Classes\${MATERIAL_PROGID}\shell\open\command" "" '"$appExe" "%1"'
  !insertmacro forEachMaterial offerFor
  !insertmacro tellShell
!macroend

!macro customUnInstall
  !insertmacro forEachMaterial withdrawFor
  DeleteRegKey SHELL_CONTEXT "Software\Classes\${MATERIAL_PROGID}"
  !insertmacro tellShell
!macroend
