; The installer for Windows: `iscc /DVersion=0.1.0 packaging\windows\pyfi.iss`, after `dev.py build bundle`; `dev.py build` does both.
; It asks nothing that has an answer: for this user without administrator's rights, for everybody with them.

#ifndef Version
  #error Version is not defined: start this with `python packaging/dev.py build`
#endif

[Setup]
AppId={{8A0F6C0B-52C7-4B0E-9E55-6C1E6E2F7C1D}
AppName=PYFI
AppVersion={#Version}
AppPublisher=PYFI contributors
VersionInfoVersion={#Version}
DefaultDirName={autopf}\PYFI
DefaultGroupName=PYFI
DisableProgramGroupPage=yes
PrivilegesRequired=lowest
PrivilegesRequiredOverridesAllowed=commandline dialog
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
LicenseFile=..\..\LICENSE
SetupIconFile=..\..\build\pyfi.ico
UninstallDisplayIcon={app}\pyfi-desktop.exe
OutputDir=..\..\dist
OutputBaseFilename=pyfi-{#Version}-windows-x86_64
Compression=lzma2/max
SolidCompression=yes
ChangesAssociations=yes
ChangesEnvironment=yes
CloseApplications=yes
WizardStyle=modern
#ifdef SignTool
SignTool={#SignTool}
SignedUninstaller=yes
#endif

[Languages]
Name: "en"; MessagesFile: "compiler:Default.isl"
Name: "de"; MessagesFile: "compiler:Languages\German.isl"

[CustomMessages]
en.OnPath=Let shells find pyfi
de.OnPath=pyfi in der Eingabeaufforderung finden lassen
en.Flows=Open flow files (*.flow.yaml) with PYFI
de.Flows=Flussdateien (*.flow.yaml) mit PYFI öffnen
en.FlowFile=PYFI flow
de.FlowFile=PYFI-Fluss

[Tasks]
Name: "path"; Description: "{cm:OnPath}"
Name: "flows"; Description: "{cm:Flows}"
Name: "desktopicon"; Description: "{cm:CreateDesktopIcon}"; Flags: unchecked

; What an older version had and this one has not must not be found by Python.
[InstallDelete]
Type: filesandordirs; Name: "{app}\_internal"

[Files]
Source: "..\..\build\bundle\pyfi\*"; DestDir: "{app}"; Flags: ignoreversion recursesubdirs createallsubdirs

[Icons]
Name: "{autoprograms}\PYFI"; Filename: "{app}\pyfi-desktop.exe"; Parameters: "app"; AppUserModelID: "PYFI"
Name: "{autodesktop}\PYFI"; Filename: "{app}\pyfi-desktop.exe"; Parameters: "app"; AppUserModelID: "PYFI"; Tasks: desktopicon

; Windows goes by the last ending alone, so that .yaml stays whose it was: PYFI is offered for it, beside the others.
[Registry]
Root: HKA; Subkey: "Software\Classes\PYFI.Flow"; ValueType: string; ValueData: "{cm:FlowFile}"; Flags: uninsdeletekey; Tasks: flows
Root: HKA; Subkey: "Software\Classes\PYFI.Flow\DefaultIcon"; ValueType: string; ValueData: "{app}\pyfi-desktop.exe,0"; Tasks: flows
Root: HKA; Subkey: "Software\Classes\PYFI.Flow\shell\open\command"; ValueType: string; ValueData: """{app}\pyfi-desktop.exe"" app ""%1"""; Tasks: flows
Root: HKA; Subkey: "Software\Classes\.yaml\OpenWithProgids"; ValueType: string; ValueName: "PYFI.Flow"; ValueData: ""; Flags: uninsdeletevalue; Tasks: flows
Root: HKA; Subkey: "Software\Classes\.yml\OpenWithProgids"; ValueType: string; ValueName: "PYFI.Flow"; ValueData: ""; Flags: uninsdeletevalue; Tasks: flows

[Run]
Filename: "{app}\pyfi-desktop.exe"; Parameters: "app"; Description: "{cm:LaunchProgram,PYFI}"; Flags: nowait postinstall skipifsilent

; Flows, databases and settings lie in the user's own folders and stay.
[Code]
const
  PathKey = 'Environment';

function PathOf(var Value: string): Boolean;
begin
  Result := RegQueryStringValue(HKEY_CURRENT_USER, PathKey, 'Path', Value);
  if not Result then
    Value := '';
end;

procedure CurStepChanged(CurStep: TSetupStep);
var
  Value: string;
begin
  if (CurStep = ssPostInstall) and WizardIsTaskSelected('path') then
  begin
    PathOf(Value);
    if Pos(';' + Lowercase(ExpandConstant('{app}')) + ';', ';' + Lowercase(Value) + ';') = 0 then
    begin
      if (Value <> '') and (Value[Length(Value)] <> ';') then
        Value := Value + ';';
      RegWriteExpandStringValue(HKEY_CURRENT_USER, PathKey, 'Path', Value + ExpandConstant('{app}'));
    end;
  end;
end;

procedure CurUninstallStepChanged(CurUninstallStep: TUninstallStep);
var
  Value: string;
  Place: Integer;
begin
  if (CurUninstallStep = usPostUninstall) and PathOf(Value) then
  begin
    Value := ';' + Value + ';';
    Place := Pos(';' + Lowercase(ExpandConstant('{app}')) + ';', Lowercase(Value));
    if Place > 0 then
    begin
      Delete(Value, Place, Length(ExpandConstant('{app}')) + 1);
      RegWriteExpandStringValue(HKEY_CURRENT_USER, PathKey, 'Path', Copy(Value, 2, Length(Value) - 2));
    end;
  end;
end;
