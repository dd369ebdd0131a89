<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de_DE" sourcelanguage="en_US">
<context>
    <name></name>
    <message>
        <source>Show</source>
        <translation>Zeigen</translation>
    </message>
    <message>
        <source>Show the folder: {}</source>
        <translation>Den Ordner zeigen: {}</translation>
    </message>
</context>
<context>
    <name>AboutDialog</name>
    <message>
        <source>About PYFI</source>
        <translation>Über PYFI</translation>
    </message>
    <message>
        <source>Visual data flows of your own Python, Node.js and bash code.</source>
        <translation>Visuelle Datenflüsse aus eigenem Python-, Node.js- und Bash-Code.</translation>
    </message>
    <message>
        <source>Made with, and under which licence</source>
        <translation>Womit PYFI gemacht ist, und unter welcher Lizenz</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>The versions of PYFI and of all parts, as text</source>
        <translation>Die Versionen von PYFI und aller Teile, als Text</translation>
    </message>
    <message>
        <source>Parts</source>
        <translation>Teile</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>Lizenz</translation>
    </message>
    <message>
        <source>The text did not come with this installation.</source>
        <translation>Der Text liegt dieser Installation nicht bei.</translation>
    </message>
</context>
<context>
    <name>AddSearch</name>
    <message>
        <source>Add a part</source>
        <translation>Teil hinzufügen</translation>
    </message>
    <message>
        <source>Add: type a name …</source>
        <translation>Hinzufügen: Namen eingeben …</translation>
    </message>
    <message>
        <source>Name of the part to add</source>
        <translation>Name des Teils, der hinzugefügt werden soll</translation>
    </message>
    <message>
        <source>Parts that can be added</source>
        <translation>Teile, die hinzugefügt werden können</translation>
    </message>
    <message>
        <source>Nothing is called “{}”.</source>
        <translation>Nichts heißt „{}“.</translation>
    </message>
</context>
<context>
    <name>AskingDialog</name>
    <message>
        <source>The engine is being started.</source>
        <translation>Die Maschine wird gestartet.</translation>
    </message>
    <message>
        <source>Start the engine</source>
        <translation>Maschine starten</translation>
    </message>
    <message>
        <source>No engine runs, so nothing can be looked at. {}; flows that were under way go on then.</source>
        <translation>Keine Maschine läuft, also lässt sich nichts ansehen. {}; Abläufe, die unterwegs waren, laufen dann weiter.</translation>
    </message>
</context>
<context>
    <name>Banner</name>
    <message>
        <source>and {0} more</source>
        <translation>und {0} weitere</translation>
    </message>
</context>
<context>
    <name>BlankFrames</name>
    <message>
        <source>This blank breaks code: {0}</source>
        <translation>Dieser Leerraum macht den Code ungültig: {0}</translation>
    </message>
</context>
<context>
    <name>Board</name>
    <message>
        <source>Something inside it is not valid.</source>
        <translation>Etwas darin ist nicht gültig.</translation>
    </message>
</context>
<context>
    <name>Breadcrumbs</name>
    <message>
        <source>Levels</source>
        <translation>Ebenen</translation>
    </message>
    <message>
        <source>Level {}</source>
        <translation>Ebene {}</translation>
    </message>
</context>
<context>
    <name>Browser</name>
    <message>
        <source>Page of the manual</source>
        <translation>Seite des Handbuchs</translation>
    </message>
    <message>
        <source># No such page

The manual has no page “{}”. [Contents](/manual/index.md)</source>
        <translation># Keine solche Seite

Das Handbuch hat keine Seite „{}“. [Inhalt](/manual/index.md)</translation>
    </message>
</context>
<context>
    <name>CallTip</name>
    <message>
        <source>Parameters</source>
        <translation>Parameter</translation>
    </message>
</context>
<context>
    <name>Card</name>
    <message>
        <source>{} inside</source>
        <translation>{} darin</translation>
    </message>
    <message>
        <source>runs {}</source>
        <translation>läuft {}</translation>
    </message>
    <message>
        <source>runs another</source>
        <translation>läuft anders</translation>
    </message>
    <message>
        <source>Something of it runs in another version than is shown here.</source>
        <translation>Etwas davon läuft in einer anderen Fassung als hier gezeigt.</translation>
    </message>
    <message>
        <source>Runs commit {}; this shows {}.</source>
        <translation>Es läuft Commit {}; hier steht {}.</translation>
    </message>
    <message>
        <source>Runs commit {}, which is not what is shown here.</source>
        <translation>Es läuft Commit {}, und nicht, was hier steht.</translation>
    </message>
    <message>
        <source>Runs another version than is shown here.</source>
        <translation>Es läuft eine andere Fassung als hier gezeigt.</translation>
    </message>
    <message>
        <source>{}, every {:g} s</source>
        <translation>{}, alle {:g} s</translation>
    </message>
    <message>
        <source>In</source>
        <translation>Ein</translation>
    </message>
    <message>
        <source>Read/Write</source>
        <translation>Les./Schr.</translation>
    </message>
    <message>
        <source>Out</source>
        <translation>Aus</translation>
    </message>
    <message>
        <source>Tasks/Time</source>
        <translation>Aufg./Zeit</translation>
    </message>
    <message>
        <source>waits</source>
        <translation>wartet</translation>
    </message>
    <message>
        <source>Runs on node {}</source>
        <translation>Läuft auf dem Knoten {}</translation>
    </message>
    <message>
        <source>Runs on {} nodes: {}</source>
        <translation>Läuft auf {} Knoten: {}</translation>
    </message>
    <message>
        <source>Waits for a node to run it.</source>
        <translation>Wartet auf einen Knoten, der ihn ausführt.</translation>
    </message>
    <message>
        <source>Waits for a node with the label {}.</source>
        <translation>Wartet auf einen Knoten mit dem Merkmal {}.</translation>
    </message>
    <message>
        <source>Waits for a node with the labels {}.</source>
        <translation>Wartet auf einen Knoten mit den Merkmalen {}.</translation>
    </message>
</context>
<context>
    <name>ChangeList</name>
    <message>
        <source>What changes</source>
        <translation>Was sich ändert</translation>
    </message>
    <message>
        <source>Part</source>
        <translation>Teil</translation>
    </message>
    <message>
        <source>What happens</source>
        <translation>Was geschieht</translation>
    </message>
    <message>
        <source>New</source>
        <translation>Neu</translation>
    </message>
    <message>
        <source>is added</source>
        <translation>kommt hinzu</translation>
    </message>
    <message>
        <source>Parts</source>
        <translation>Teile</translation>
    </message>
    <message>
        <source>Stages that begin</source>
        <translation>Stufen, die beginnen</translation>
    </message>
    <message>
        <source>begins</source>
        <translation>beginnt</translation>
    </message>
    <message>
        <source>Stages that restart</source>
        <translation>Stufen, die neu starten</translation>
    </message>
    <message>
        <source>restarts; what waits stays</source>
        <translation>startet neu; was wartet, bleibt</translation>
    </message>
    <message>
        <source>Stages that end</source>
        <translation>Stufen, die enden</translation>
    </message>
    <message>
        <source>ends</source>
        <translation>endet</translation>
    </message>
    <message>
        <source>Stages that go on</source>
        <translation>Stufen, die weiterlaufen</translation>
    </message>
    <message>
        <source>untouched</source>
        <translation>unberührt</translation>
    </message>
    <message>
        <source>… and {} more</source>
        <translation>… und {} weitere</translation>
    </message>
    <message>
        <source>is removed</source>
        <translation>fällt weg</translation>
    </message>
    <message>
        <source>is changed</source>
        <translation>ändert sich</translation>
    </message>
</context>
<context>
    <name>ChartPanel</name>
    <message>
        <source>Charts</source>
        <translation>Diagramme</translation>
    </message>
    <message>
        <source>Loading …</source>
        <translation>Wird geladen …</translation>
    </message>
    <message>
        <source>Why there is no chart</source>
        <translation>Warum es kein Diagramm gibt</translation>
    </message>
    <message>
        <source>What the chart is about</source>
        <translation>Worum es im Diagramm geht</translation>
    </message>
    <message>
        <source>Stay with these parts, whatever is selected</source>
        <translation>Bei diesen Teilen bleiben, was auch ausgewählt ist</translation>
    </message>
    <message>
        <source>Go on with the clock (Home)</source>
        <translation>Mit der Uhr weitergehen (Pos1)</translation>
    </message>
    <message>
        <source>Live</source>
        <translation>Live</translation>
    </message>
    <message>
        <source>How much time is shown</source>
        <translation>Wie viel Zeit gezeigt wird</translation>
    </message>
    <message>
        <source>Save the chart</source>
        <translation>Das Diagramm speichern</translation>
    </message>
    <message>
        <source>Picture (PNG) …</source>
        <translation>Bild (PNG) …</translation>
    </message>
    <message>
        <source>Figures (CSV) …</source>
        <translation>Zahlen (CSV) …</translation>
    </message>
    <message>
        <source>Charts need a package that is not installed ({}). Install PYFI again.</source>
        <translation>Diagrammen fehlt ein Paket ({}). Installieren Sie PYFI neu.</translation>
    </message>
    <message>
        <source>Nothing is chosen. Tick what is to be drawn in the list on the right.</source>
        <translation>Nichts ist gewählt. Kreuzen Sie in der Liste rechts an, was gezeichnet werden soll.</translation>
    </message>
    <message>
        <source>Nothing of this has run yet. Run the flow (F5) to see here what it does.</source>
        <translation>Davon ist noch nichts gelaufen. Starten Sie den Ablauf (F5), um hier zu sehen, was er tut.</translation>
    </message>
    <message>
        <source>Nothing has run in this span. Run the flow (F5), or choose a longer span above.</source>
        <translation>In dieser Zeit ist nichts gelaufen. Starten Sie den Ablauf (F5), oder wählen Sie oben eine längere.</translation>
    </message>
    <message>
        <source>Save the chart as a picture</source>
        <translation>Diagramm als Bild speichern</translation>
    </message>
    <message>
        <source>Pictures (*.png)</source>
        <translation>Bilder (*.png)</translation>
    </message>
    <message>
        <source>Save the figures of the chart</source>
        <translation>Zahlen des Diagramms speichern</translation>
    </message>
    <message>
        <source>Comma-separated values (*.csv)</source>
        <translation>Durch Komma getrennte Werte (*.csv)</translation>
    </message>
    <message>
        <source>Not saved</source>
        <translation>Nicht gespeichert</translation>
    </message>
    <message>
        <source>{} cannot be written. Choose another folder.</source>
        <translation>{} kann nicht geschrieben werden. Wählen Sie einen anderen Ordner.</translation>
    </message>
</context>
<context>
    <name>ChartWindow</name>
    <message>
        <source>Chart of {}</source>
        <translation>Diagramm von {}</translation>
    </message>
</context>
<context>
    <name>ChoiceEditor</name>
    <message>
        <source>required</source>
        <translation>erforderlich</translation>
    </message>
</context>
<context>
    <name>CodeDialog</name>
    <message>
        <source>Code of &apos;{0}&apos; from git</source>
        <translation>Code von „{0}“ aus Git</translation>
    </message>
    <message>
        <source>https://…, git@…:… or a folder</source>
        <translation>https://…, git@…:… oder ein Ordner</translation>
    </message>
    <message>
        <source>Read</source>
        <translation>Lesen</translation>
    </message>
    <message>
        <source>Token …</source>
        <translation>Token …</translation>
    </message>
    <message>
        <source>Keep a token for the private repositories of this host in the system&apos;s keyring</source>
        <translation>Ein Token für die privaten Repositories dieses Hosts im Schlüsselbund des Systems aufbewahren</translation>
    </message>
    <message>
        <source>New commits</source>
        <translation>Neue Commits</translation>
    </message>
    <message>
        <source>Update to the Newest</source>
        <translation>Auf den neuesten bringen</translation>
    </message>
    <message>
        <source>Use This Code</source>
        <translation>Diesen Code verwenden</translation>
    </message>
    <message>
        <source>Repository</source>
        <translation>Repository</translation>
    </message>
    <message>
        <source>Branch or tag</source>
        <translation>Branch oder Tag</translation>
    </message>
    <message>
        <source>Commit</source>
        <translation>Commit</translation>
    </message>
    <message>
        <source>Module</source>
        <translation>Modul</translation>
    </message>
    <message>
        <source>Function</source>
        <translation>Funktion</translation>
    </message>
    <message>
        <source>List of packages</source>
        <translation>Liste der Pakete</translation>
    </message>
    <message>
        <source>New since then</source>
        <translation>Neu seitdem</translation>
    </message>
    <message>
        <source>Reading the repository …</source>
        <translation>Das Repository wird gelesen …</translation>
    </message>
    <message>
        <source>1 new commit on {0}</source>
        <translation>1 neuer Commit auf {0}</translation>
    </message>
    <message>
        <source>{} new commits on {}</source>
        <translation>{} neue Commits auf {}</translation>
    </message>
    <message>
        <source>It runs the newest commit.</source>
        <translation>Es läuft der neueste Commit.</translation>
    </message>
    <message>
        <source>the only one, or `process`</source>
        <translation>die einzige, oder `process`</translation>
    </message>
    <message>
        <source>Write the https address of a repository first; SSH uses your own keys.</source>
        <translation>Geben Sie erst die https-Adresse eines Repositorys ein; SSH benutzt Ihre eigenen Schlüssel.</translation>
    </message>
    <message>
        <source>Token</source>
        <translation>Token</translation>
    </message>
    <message>
        <source>Token for {0}:</source>
        <translation>Token für {0}:</translation>
    </message>
</context>
<context>
    <name>CodeEditor</name>
    <message>
        <source>Code</source>
        <translation>Code</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>Wiederholen</translation>
    </message>
    <message>
        <source>Cut</source>
        <translation>Ausschneiden</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Paste</source>
        <translation>Einfügen</translation>
    </message>
    <message>
        <source>Select all</source>
        <translation>Alles auswählen</translation>
    </message>
    <message>
        <source>Comment out or in</source>
        <translation>Ein- oder auskommentieren</translation>
    </message>
    <message>
        <source>Duplicate line</source>
        <translation>Zeile duplizieren</translation>
    </message>
    <message>
        <source>Add next match</source>
        <translation>Nächsten Treffer hinzunehmen</translation>
    </message>
    <message>
        <source>Fix problem…</source>
        <translation>Problem beheben …</translation>
    </message>
    <message>
        <source>Go to definition</source>
        <translation>Zur Definition</translation>
    </message>
    <message>
        <source>Describe</source>
        <translation>Beschreiben</translation>
    </message>
    <message>
        <source>Find…</source>
        <translation>Suchen …</translation>
    </message>
    <message>
        <source>Replace…</source>
        <translation>Ersetzen …</translation>
    </message>
    <message>
        <source>Go to line…</source>
        <translation>Gehe zu Zeile …</translation>
    </message>
    <message>
        <source>Fold</source>
        <translation>Zuklappen</translation>
    </message>
    <message>
        <source>Unfold</source>
        <translation>Aufklappen</translation>
    </message>
    <message>
        <source>Fold all</source>
        <translation>Alles zuklappen</translation>
    </message>
    <message>
        <source>Unfold all</source>
        <translation>Alles aufklappen</translation>
    </message>
</context>
<context>
    <name>CodeHeader</name>
    <message>
        <source>Go to the next problem</source>
        <translation>Zum nächsten Problem</translation>
    </message>
    <message>
        <source>History of this code</source>
        <translation>Verlauf dieses Codes</translation>
    </message>
    <message>
        <source>{0}, from git</source>
        <translation>{0}, aus Git</translation>
    </message>
    <message>
        <source>1 error</source>
        <translation>1 Fehler</translation>
    </message>
    <message>
        <source>{0} errors</source>
        <translation>{0} Fehler</translation>
    </message>
    <message>
        <source>1 warning</source>
        <translation>1 Warnung</translation>
    </message>
    <message>
        <source>{0} warnings</source>
        <translation>{0} Warnungen</translation>
    </message>
</context>
<context>
    <name>CodePanel</name>
    <message>
        <source>Code</source>
        <translation>Code</translation>
    </message>
    <message>
        <source>Take back the code of &apos;{0}&apos; as saved {1}</source>
        <translation>Den Code von „{0}“ vom {1} zurückholen</translation>
    </message>
    <message>
        <source>&apos;{0}&apos; is a subflow. Enter it and select a processor that has code.</source>
        <translation>„{0}“ ist ein Teilablauf. Öffnen Sie ihn und wählen Sie einen Prozessor, der Code hat.</translation>
    </message>
    <message>
        <source>&apos;{0}&apos; is of the built-in type {1} and has no code.</source>
        <translation>„{0}“ ist vom eingebauten Typ {1} und hat keinen Code.</translation>
    </message>
    <message>
        <source>Select a processor that has code</source>
        <translation>Wählen Sie einen Prozessor, der Code hat</translation>
    </message>
    <message>
        <source>From git: module {0} of {1} at {2}. It is read-only here: change it in its repository, then choose the new commit.</source>
        <translation>Aus Git: Modul {0} von {1} bei {2}. Hier kann es nur gelesen werden: Ändern Sie es in seinem Repository und wählen Sie dann den neuen Commit.</translation>
    </message>
    <message>
        <source>Edit the code of &apos;{0}&apos;</source>
        <translation>Code von „{0}“ bearbeiten</translation>
    </message>
    <message>
        <source>Edit the tests of &apos;{0}&apos;</source>
        <translation>Die Tests von „{0}“ ändern</translation>
    </message>
</context>
<context>
    <name>ColorEditor</name>
    <message>
        <source>No colour</source>
        <translation>Keine Farbe</translation>
    </message>
    <message>
        <source>Another colour…</source>
        <translation>Andere Farbe …</translation>
    </message>
    <message>
        <source>Choose a colour</source>
        <translation>Farbe wählen</translation>
    </message>
</context>
<context>
    <name>CompletionList</name>
    <message>
        <source>Completions</source>
        <translation>Vervollständigungen</translation>
    </message>
</context>
<context>
    <name>Component</name>
    <message>
        <source>A subflow of this flow.</source>
        <translation>Ein Teilablauf dieses Ablaufs.</translation>
    </message>
    <message>
        <source>Subflow</source>
        <translation>Teilablauf</translation>
    </message>
    <message>
        <source>A new flow inside this one, used as a step.</source>
        <translation>Ein neuer Ablauf in diesem, als Schritt verwendet.</translation>
    </message>
    <message>
        <source>Input port</source>
        <translation>Eingang</translation>
    </message>
    <message>
        <source>A way into this subflow.</source>
        <translation>Ein Weg in diesen Teilablauf hinein.</translation>
    </message>
    <message>
        <source>Output port</source>
        <translation>Ausgang</translation>
    </message>
    <message>
        <source>A way out of this subflow.</source>
        <translation>Ein Weg aus diesem Teilablauf hinaus.</translation>
    </message>
    <message>
        <source>Label</source>
        <translation>Notiz</translation>
    </message>
    <message>
        <source>A note on the canvas, in Markdown.</source>
        <translation>Eine Notiz auf der Zeichenfläche, in Markdown.</translation>
    </message>
</context>
<context>
    <name>ComponentBar</name>
    <message>
        <source>Components</source>
        <translation>Bausteine</translation>
    </message>
    <message>
        <source>Processor</source>
        <translation>Prozessor</translation>
    </message>
    <message>
        <source>Processor: a step of the flow</source>
        <translation>Prozessor: ein Schritt des Ablaufs</translation>
    </message>
    <message>
        <source>Input</source>
        <translation>Eingang</translation>
    </message>
    <message>
        <source>Input port of this subflow</source>
        <translation>Eingang dieses Teilablaufs</translation>
    </message>
    <message>
        <source>Output</source>
        <translation>Ausgang</translation>
    </message>
    <message>
        <source>Output port of this subflow</source>
        <translation>Ausgang dieses Teilablaufs</translation>
    </message>
    <message>
        <source>Subflow</source>
        <translation>Teilablauf</translation>
    </message>
    <message>
        <source>Subflow: a flow inside this one</source>
        <translation>Teilablauf: ein Ablauf in diesem</translation>
    </message>
    <message>
        <source>Funnel</source>
        <translation>Trichter</translation>
    </message>
    <message>
        <source>Funnel: many connections in, one out</source>
        <translation>Trichter: viele Verbindungen hinein, eine hinaus</translation>
    </message>
    <message>
        <source>Label</source>
        <translation>Notiz</translation>
    </message>
    <message>
        <source>Label: a note in Markdown</source>
        <translation>Notiz: ein Text in Markdown</translation>
    </message>
</context>
<context>
    <name>Conductor</name>
    <message>
        <source>Another flow is deployed as “{}”; give this one another name.</source>
        <translation>Unter „{}“ ist ein anderer Ablauf in Betrieb; geben Sie diesem einen anderen Namen.</translation>
    </message>
    <message>
        <source>The flow is not valid: {}</source>
        <translation>Der Ablauf ist nicht gültig: {}</translation>
    </message>
    <message>
        <source>1 message</source>
        <translation>1 Nachricht</translation>
    </message>
    <message>
        <source>{} messages</source>
        <translation>{} Nachrichten</translation>
    </message>
    <message>
        <source>A processor is debugged where its flow runs locally; the target shown is “{}”.</source>
        <translation>Ein Prozessor wird dort debuggt, wo sein Ablauf lokal läuft; gezeigt wird das Ziel „{}“.</translation>
    </message>
    <message>
        <source>1 message released</source>
        <translation>1 Nachricht freigegeben</translation>
    </message>
    <message>
        <source>{} messages released</source>
        <translation>{} Nachrichten freigegeben</translation>
    </message>
    <message>
        <source>1 step terminated</source>
        <translation>1 Schritt abgebrochen</translation>
    </message>
    <message>
        <source>{} steps terminated</source>
        <translation>{} Schritte abgebrochen</translation>
    </message>
    <message>
        <source>{}: the last message comes once more</source>
        <translation>{}: die letzte Nachricht kommt noch einmal</translation>
    </message>
    <message>
        <source>“{}” has done all its work.</source>
        <translation>„{}“ hat alle Arbeit getan.</translation>
    </message>
</context>
<context>
    <name>ConfigPage</name>
    <message>
        <source>The flow &apos;{0}&apos; has no parameters.</source>
        <translation>Der Ablauf „{0}“ hat keine Parameter.</translation>
    </message>
    <message>
        <source>Not a setting of this type.</source>
        <translation>Keine Einstellung dieses Typs.</translation>
    </message>
    <message>
        <source>Not a parameter of it.</source>
        <translation>Kein Parameter davon.</translation>
    </message>
</context>
<context>
    <name>ConfigureDialog</name>
    <message>
        <source>Configure &apos;{0}&apos;</source>
        <translation>„{0}“ einstellen</translation>
    </message>
    <message>
        <source>Configure {0} parts</source>
        <translation>{0} Teile einstellen</translation>
    </message>
    <message>
        <source>Configure the flow</source>
        <translation>Den Ablauf einstellen</translation>
    </message>
    <message>
        <source>It was changed elsewhere meanwhile ({0}). Cancel, and open it again.</source>
        <translation>Es wurde inzwischen anderswo geändert ({0}). Brechen Sie ab und öffnen Sie es noch einmal.</translation>
    </message>
</context>
<context>
    <name>ConflictBar</name>
    <message>
        <source>Conflict</source>
        <translation>Konflikt</translation>
    </message>
    <message>
        <source>Keep mine</source>
        <translation>Meines behalten</translation>
    </message>
    <message>
        <source>Save the flow as it is here; what was changed elsewhere stays in its history.</source>
        <translation>Den Ablauf speichern, wie er hier ist; was anderswo geändert wurde, bleibt in seinem Verlauf.</translation>
    </message>
    <message>
        <source>Take theirs</source>
        <translation>Das andere nehmen</translation>
    </message>
    <message>
        <source>Show the flow as it was saved elsewhere; undo brings back what is here.</source>
        <translation>Den Ablauf zeigen, wie er anderswo gespeichert wurde; Rückgängig bringt zurück, was hier ist.</translation>
    </message>
    <message>
        <source>Not saved: {}. Which is to count?</source>
        <translation>Nicht gespeichert: {}. Was soll gelten?</translation>
    </message>
    <message>
        <source>{} Choose again.</source>
        <translation>{} Wählen Sie noch einmal.</translation>
    </message>
</context>
<context>
    <name>Contents</name>
    <message>
        <source>Search the manual …</source>
        <translation>Handbuch durchsuchen …</translation>
    </message>
    <message>
        <source>Search the manual</source>
        <translation>Handbuch durchsuchen</translation>
    </message>
    <message>
        <source>Contents</source>
        <translation>Inhalt</translation>
    </message>
    <message>
        <source>Places found</source>
        <translation>Gefundene Stellen</translation>
    </message>
    <message>
        <source>1 place</source>
        <translation>1 Stelle</translation>
    </message>
    <message>
        <source>{} places</source>
        <translation>{} Stellen</translation>
    </message>
    <message>
        <source>Nothing in the manual has this.</source>
        <translation>Das steht nirgends im Handbuch.</translation>
    </message>
</context>
<context>
    <name>DebugPage</name>
    <message>
        <source>Calls</source>
        <translation>Aufrufe</translation>
    </message>
    <message>
        <source>Variables</source>
        <translation>Variablen</translation>
    </message>
    <message>
        <source>Variable</source>
        <translation>Variable</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Wert</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>Typ</translation>
    </message>
    <message>
        <source>Continue</source>
        <translation>Fortsetzen</translation>
    </message>
    <message>
        <source>Step over</source>
        <translation>Nächste Zeile</translation>
    </message>
    <message>
        <source>Step in</source>
        <translation>Hinein</translation>
    </message>
    <message>
        <source>Step out</source>
        <translation>Hinaus</translation>
    </message>
    <message>
        <source>Running …</source>
        <translation>Läuft …</translation>
    </message>
    <message>
        <source>The host has ended</source>
        <translation>Der Host ist beendet</translation>
    </message>
    <message>
        <source>Starting …</source>
        <translation>Startet …</translation>
    </message>
    <message>
        <source>Running; the host listens at {0}</source>
        <translation>Läuft; der Host wartet an {0}</translation>
    </message>
    <message>
        <source>Stopped at line {0}</source>
        <translation>Angehalten in Zeile {0}</translation>
    </message>
    <message>
        <source>Stopped in other code</source>
        <translation>Angehalten in anderem Code</translation>
    </message>
</context>
<context>
    <name>DeployDialog</name>
    <message>
        <source>Deploy to {}</source>
        <translation>Auf {} bereitstellen</translation>
    </message>
    <message>
        <source>“{0}” on “{1}”</source>
        <translation>„{0}“ auf „{1}“</translation>
    </message>
    <message>
        <source>Comparing with what runs there …</source>
        <translation>Wird mit dem verglichen, was dort läuft …</translation>
    </message>
    <message>
        <source>Deploy all the same: these messages are kept aside</source>
        <translation>Trotzdem bereitstellen: Diese Nachrichten werden beiseitegelegt</translation>
    </message>
    <message>
        <source>Begin anew: discard what waits, state and positions</source>
        <translation>Neu beginnen: Wartendes, Zustand und Positionen verwerfen</translation>
    </message>
    <message>
        <source>Dead letters stay. A deployment that has ended begins anew in any case.</source>
        <translation>Unzustellbare Nachrichten bleiben. Was zu Ende gelaufen ist, beginnt in jedem Fall neu.</translation>
    </message>
    <message>
        <source>Deploy</source>
        <translation>Bereitstellen</translation>
    </message>
    <message>
        <source>Problems of the flow</source>
        <translation>Probleme des Flows</translation>
    </message>
    <message>
        <source>Nothing of that name runs there yet.</source>
        <translation>Dort läuft noch nichts dieses Namens.</translation>
    </message>
    <message>
        <source>Connections that would go still hold messages:</source>
        <translation>Verbindungen, die wegfielen, enthalten noch Nachrichten:</translation>
    </message>
    <message>
        <source>1 stage begins</source>
        <translation>1 Stufe beginnt</translation>
    </message>
    <message>
        <source>{} stages begin</source>
        <translation>{} Stufen beginnen</translation>
    </message>
    <message>
        <source>1 restarts</source>
        <translation>1 startet neu</translation>
    </message>
    <message>
        <source>{} restart</source>
        <translation>{} starten neu</translation>
    </message>
    <message>
        <source>1 goes on untouched</source>
        <translation>1 läuft unberührt weiter</translation>
    </message>
    <message>
        <source>{} go on untouched</source>
        <translation>{} laufen unberührt weiter</translation>
    </message>
    <message>
        <source>1 ends</source>
        <translation>1 endet</translation>
    </message>
    <message>
        <source>{} end</source>
        <translation>{} enden</translation>
    </message>
    <message>
        <source>Stages: {}.</source>
        <translation>Stufen: {}.</translation>
    </message>
    <message>
        <source>No stage changes.</source>
        <translation>Keine Stufe ändert sich.</translation>
    </message>
    <message>
        <source>1 message</source>
        <translation>1 Nachricht</translation>
    </message>
    <message>
        <source>{} messages</source>
        <translation>{} Nachrichten</translation>
    </message>
    <message>
        <source>1 problem keeps it from running there.</source>
        <translation>1 Problem verhindert, dass er dort läuft.</translation>
    </message>
    <message>
        <source>{} problems keep it from running there.</source>
        <translation>{} Probleme verhindern, dass er dort läuft.</translation>
    </message>
    <message>
        <source>Deploying …</source>
        <translation>Wird bereitgestellt …</translation>
    </message>
</context>
<context>
    <name>Docks</name>
    <message>
        <source>Palette</source>
        <translation>Palette</translation>
    </message>
    <message>
        <source>Outline</source>
        <translation>Baum</translation>
    </message>
    <message>
        <source>Minimap</source>
        <translation>Karte</translation>
    </message>
    <message>
        <source>Flows</source>
        <translation>Abläufe</translation>
    </message>
    <message>
        <source>Operate</source>
        <translation>Steuerung</translation>
    </message>
    <message>
        <source>Problems</source>
        <translation>Probleme</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>Protokoll</translation>
    </message>
</context>
<context>
    <name>EditCommands</name>
    <message>
        <source>The clipboard holds no part of a flow.</source>
        <translation>Die Zwischenablage enthält keinen Teil eines Ablaufs.</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>Umbenennen</translation>
    </message>
    <message>
        <source>Name of &apos;{}&apos;:</source>
        <translation>Name von „{}“:</translation>
    </message>
    <message>
        <source>Colour</source>
        <translation>Farbe</translation>
    </message>
</context>
<context>
    <name>EditMessageDialog</name>
    <message>
        <source>Edit a message of {}</source>
        <translation>Eine Nachricht von {} ändern</translation>
    </message>
    <message>
        <source>What the content is</source>
        <translation>Was der Inhalt ist</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>Text</translation>
    </message>
    <message>
        <source>JSON</source>
        <translation>JSON</translation>
    </message>
    <message>
        <source>Bytes, in hexadecimal</source>
        <translation>Bytes, hexadezimal</translation>
    </message>
    <message>
        <source>From a File …</source>
        <translation>Aus einer Datei …</translation>
    </message>
    <message>
        <source>Content</source>
        <translation>Inhalt</translation>
    </message>
    <message>
        <source>Attributes</source>
        <translation>Attribute</translation>
    </message>
    <message>
        <source>Attribute</source>
        <translation>Attribut</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Wert</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>Hinzufügen</translation>
    </message>
    <message>
        <source>Add an attribute</source>
        <translation>Ein Attribut hinzufügen</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Remove the attribute</source>
        <translation>Das Attribut entfernen</translation>
    </message>
    <message>
        <source>The content has {} bytes, too many to be written here.</source>
        <translation>Der Inhalt hat {} Bytes, zu viele, um ihn hier zu schreiben.</translation>
    </message>
    <message>
        <source>The Content of the Message</source>
        <translation>Der Inhalt der Nachricht</translation>
    </message>
    <message>
        <source>{0} cannot be read: {1}</source>
        <translation>{0} kann nicht gelesen werden: {1}</translation>
    </message>
    <message>
        <source>The content becomes the {0} bytes of {1}.</source>
        <translation>Der Inhalt wird zu den {0} Bytes von {1}.</translation>
    </message>
    <message>
        <source>Discard what you have changed?</source>
        <translation>Verwerfen, was Sie geändert haben?</translation>
    </message>
    <message>
        <source>The message stays as it is in the queue.</source>
        <translation>Die Nachricht bleibt in der Warteschlange, wie sie ist.</translation>
    </message>
    <message>
        <source>The attribute in row {} has no name.</source>
        <translation>Das Attribut in Zeile {} hat keinen Namen.</translation>
    </message>
    <message>
        <source>There are two attributes “{}”.</source>
        <translation>Es gibt zwei Attribute „{}“.</translation>
    </message>
</context>
<context>
    <name>Editing</name>
    <message>
        <source>1 processor</source>
        <translation>1 Prozessor</translation>
    </message>
    <message>
        <source>{} processors</source>
        <translation>{} Prozessoren</translation>
    </message>
    <message>
        <source>1 part</source>
        <translation>1 Teil</translation>
    </message>
    <message>
        <source>{} parts</source>
        <translation>{} Teile</translation>
    </message>
    <message>
        <source>addition of &apos;{}&apos;</source>
        <translation>Hinzufügen von „{}“</translation>
    </message>
    <message>
        <source>**Label**</source>
        <translation>**Notiz**</translation>
    </message>
    <message>
        <source>addition of a label</source>
        <translation>Hinzufügen einer Notiz</translation>
    </message>
    <message>
        <source>addition of port &apos;{}&apos;</source>
        <translation>Hinzufügen des Anschlusses „{}“</translation>
    </message>
    <message>
        <source>deletion of {}</source>
        <translation>Löschen von {}</translation>
    </message>
    <message>
        <source>pasting of {}</source>
        <translation>Einfügen von {}</translation>
    </message>
    <message>
        <source>duplication of {}</source>
        <translation>Duplizieren von {}</translation>
    </message>
    <message>
        <source>addition of pattern &apos;{}&apos;</source>
        <translation>Hinzufügen des Musters „{}“</translation>
    </message>
    <message>
        <source>addition of the parts of &apos;{}&apos;</source>
        <translation>Hinzufügen der Teile von „{}“</translation>
    </message>
    <message>
        <source>move of {}</source>
        <translation>Verschieben von {}</translation>
    </message>
    <message>
        <source>bend of a connection</source>
        <translation>Knicken einer Verbindung</translation>
    </message>
    <message>
        <source>move of a connection&apos;s label</source>
        <translation>Verschieben der Beschriftung einer Verbindung</translation>
    </message>
    <message>
        <source>size of a label</source>
        <translation>Größe einer Notiz</translation>
    </message>
    <message>
        <source>text of a label</source>
        <translation>Text einer Notiz</translation>
    </message>
    <message>
        <source>layout</source>
        <translation>Anordnung</translation>
    </message>
    <message>
        <source>alignment of {}</source>
        <translation>Ausrichten von {}</translation>
    </message>
    <message>
        <source>distribution of {}</source>
        <translation>Verteilen von {}</translation>
    </message>
    <message>
        <source>move of {} to the front</source>
        <translation>Verschieben von {} in den Vordergrund</translation>
    </message>
    <message>
        <source>move of {} to the back</source>
        <translation>Verschieben von {} in den Hintergrund</translation>
    </message>
    <message>
        <source>Only cards and connections go to the front or the back: labels lie below them all.</source>
        <translation>Nur Karten und Verbindungen können nach vorn oder hinten: Notizen liegen unter ihnen allen.</translation>
    </message>
    <message>
        <source>connection of {} to {}</source>
        <translation>Verbinden von {} mit {}</translation>
    </message>
    <message>
        <source>reconnection of {}</source>
        <translation>Umhängen von {}</translation>
    </message>
    <message>
        <source>insertion of &apos;{}&apos;</source>
        <translation>Einsetzen von „{}“</translation>
    </message>
    <message>
        <source>end of {}</source>
        <translation>Ende von {}</translation>
    </message>
    <message>
        <source>enabling of {}</source>
        <translation>Einschalten von {}</translation>
    </message>
    <message>
        <source>disabling of {}</source>
        <translation>Ausschalten von {}</translation>
    </message>
    <message>
        <source>colour of {}</source>
        <translation>Farbe von {}</translation>
    </message>
    <message>
        <source>name of &apos;{}&apos;</source>
        <translation>Name von „{}“</translation>
    </message>
    <message>
        <source>subflow &apos;{}&apos;</source>
        <translation>Teilablauf „{}“</translation>
    </message>
    <message>
        <source>This level has none above it: only parts of a subflow can move up.</source>
        <translation>Über dieser Ebene ist keine: Nur Teile eines Teilablaufs können hinauf.</translation>
    </message>
    <message>
        <source>move of {} out of &apos;{}&apos;</source>
        <translation>Verschieben von {} aus „{}“ heraus</translation>
    </message>
    <message>
        <source>dissolving of &apos;{}&apos;</source>
        <translation>Auflösen von „{}“</translation>
    </message>
    <message>
        <source>&apos;{}&apos; holds itself, so that it could be expanded without end; enter it instead.</source>
        <translation>„{}“ enthält sich selbst und ließe sich endlos aufklappen; öffnen Sie ihn stattdessen.</translation>
    </message>
    <message>
        <source>expansion of {}</source>
        <translation>Aufklappen von {}</translation>
    </message>
    <message>
        <source>collapse of {}</source>
        <translation>Zuklappen von {}</translation>
    </message>
    <message>
        <source>addition of subflow &apos;{}&apos;</source>
        <translation>Hinzufügen des Teilablaufs „{}“</translation>
    </message>
</context>
<context>
    <name>EitherEditor</name>
    <message>
        <source>Kind of {0}</source>
        <translation>Art von {0}</translation>
    </message>
    <message>
        <source>A list</source>
        <translation>Eine Liste</translation>
    </message>
    <message>
        <source>One for each name</source>
        <translation>Einer für jeden Namen</translation>
    </message>
    <message>
        <source>One expression</source>
        <translation>Ein Ausdruck</translation>
    </message>
    <message>
        <source>One text</source>
        <translation>Ein Text</translation>
    </message>
</context>
<context>
    <name>EngineSupervisor</name>
    <message>
        <source>The engine is being started.</source>
        <translation>Die Maschine wird gestartet.</translation>
    </message>
    <message>
        <source>The engine was ended.</source>
        <translation>Die Maschine wurde beendet.</translation>
    </message>
    <message>
        <source>The engine was ended from outside; it is started again when a flow is to run.</source>
        <translation>Die Maschine wurde von außen beendet; sie startet wieder, wenn ein Ablauf laufen soll.</translation>
    </message>
    <message>
        <source>The engine died. It is started again, and flows go on where they were.</source>
        <translation>Die Maschine ist abgestürzt. Sie startet wieder, und die Abläufe gehen dort weiter, wo sie waren.</translation>
    </message>
    <message>
        <source>The engine died {} times within a minute and is started no more. {} holds what it wrote; run a flow to try again.</source>
        <translation>Die Maschine ist in einer Minute {} Mal abgestürzt und startet nicht mehr von selbst. Was sie geschrieben hat, steht in {}; starten Sie einen Ablauf, um es wieder zu versuchen.</translation>
    </message>
    <message>
        <source>The engine runs (process {}).</source>
        <translation>Die Maschine läuft (Prozess {}).</translation>
    </message>
</context>
<context>
    <name>EnvironmentsDialog</name>
    <message>
        <source>Environments</source>
        <translation>Umgebungen</translation>
    </message>
    <message>
        <source>Packages</source>
        <translation>Pakete</translation>
    </message>
    <message>
        <source>Runtime</source>
        <translation>Laufzeit</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Used</source>
        <translation>Benutzt</translation>
    </message>
    <message>
        <source>Log of the making</source>
        <translation>Protokoll der Herstellung</translation>
    </message>
    <message>
        <source>How far the making is</source>
        <translation>Wie weit die Herstellung ist</translation>
    </message>
    <message>
        <source>Make What the Flow Needs</source>
        <translation>Herstellen, was der Ablauf braucht</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Clean Up</source>
        <translation>Aufräumen</translation>
    </message>
    <message>
        <source>Take away all that is not in use</source>
        <translation>Alle entfernen, die nicht in Gebrauch sind</translation>
    </message>
    <message>
        <source>{} environments, {} MB together</source>
        <translation>{} Umgebungen, zusammen {} MB</translation>
    </message>
    <message>
        <source>1 environment, {} MB</source>
        <translation>1 Umgebung, {} MB</translation>
    </message>
    <message>
        <source>There are none yet.</source>
        <translation>Es gibt noch keine.</translation>
    </message>
    <message>
        <source>ready</source>
        <translation>bereit</translation>
    </message>
    <message>
        <source>being made</source>
        <translation>wird hergestellt</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>gescheitert</translation>
    </message>
    <message>
        <source>in use</source>
        <translation>in Gebrauch</translation>
    </message>
    <message>
        <source>The environment is there.</source>
        <translation>Die Umgebung ist da.</translation>
    </message>
    <message>
        <source>All {} environments are there.</source>
        <translation>Alle {} Umgebungen sind da.</translation>
    </message>
    <message>
        <source>The flow needs no environment of its own.</source>
        <translation>Der Ablauf braucht keine eigene Umgebung.</translation>
    </message>
    <message>
        <source>{} MB are free again</source>
        <translation>{} MB sind wieder frei</translation>
    </message>
    <message>
        <source>1 environment taken away, {} MB</source>
        <translation>1 Umgebung entfernt, {} MB</translation>
    </message>
    <message>
        <source>{} environments taken away, {} MB</source>
        <translation>{} Umgebungen entfernt, {} MB</translation>
    </message>
</context>
<context>
    <name>Farewell</name>
    <message>
        <source>Save the flow to a file</source>
        <translation>Fluss in eine Datei speichern</translation>
    </message>
    <message>
        <source>“{}” runs.</source>
        <translation>„{}“ läuft.</translation>
    </message>
    <message>
        <source>{} flows run.</source>
        <translation>{} Abläufe laufen.</translation>
    </message>
    <message>
        <source>Flows can go on without the window. Stopped, they go on from here another time.</source>
        <translation>Abläufe können ohne das Fenster weiterlaufen. Angehalten, gehen sie ein andermal von hier weiter.</translation>
    </message>
    <message>
        <source>Let them run</source>
        <translation>Weiterlaufen lassen</translation>
    </message>
    <message>
        <source>Stop them</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Do the same from now on, without asking</source>
        <translation>Von jetzt an immer so, ohne zu fragen</translation>
    </message>
</context>
<context>
    <name>Field</name>
    <message>
        <source>Default: {0}</source>
        <translation>Vorgabe: {0}</translation>
    </message>
    <message>
        <source>Differs from the default</source>
        <translation>Weicht von der Vorgabe ab</translation>
    </message>
    <message>
        <source>More for {0}</source>
        <translation>Mehr zu {0}</translation>
    </message>
    <message>
        <source>More (Ctrl+.)</source>
        <translation>Mehr (Strg+.)</translation>
    </message>
    <message>
        <source>Ctrl+.</source>
        <translation>Ctrl+.</translation>
    </message>
    <message>
        <source>Reset to the default ({0})</source>
        <translation>Auf die Vorgabe zurücksetzen ({0})</translation>
    </message>
    <message>
        <source>Reset to the default</source>
        <translation>Auf die Vorgabe zurücksetzen</translation>
    </message>
    <message>
        <source>Reset {0}</source>
        <translation>{0} zurücksetzen</translation>
    </message>
    <message>
        <source>Use a parameter</source>
        <translation>Einen Parameter verwenden</translation>
    </message>
    <message>
        <source>Edit in the form</source>
        <translation>Im Formular bearbeiten</translation>
    </message>
    <message>
        <source>Edit as text</source>
        <translation>Als Text bearbeiten</translation>
    </message>
    <message>
        <source>Leave empty</source>
        <translation>Leer lassen</translation>
    </message>
</context>
<context>
    <name>FileCommands</name>
    <message>
        <source>Flows (*.flow.yaml *.yaml *.yml *.json)</source>
        <translation>Abläufe (*.flow.yaml *.yaml *.yml *.json)</translation>
    </message>
    <message>
        <source>Open a flow file</source>
        <translation>Ablaufdatei öffnen</translation>
    </message>
    <message>
        <source>Save the flow to a file</source>
        <translation>Ablauf in einer Datei speichern</translation>
    </message>
</context>
<context>
    <name>FindBar</name>
    <message>
        <source>Find and replace</source>
        <translation>Suchen und ersetzen</translation>
    </message>
    <message>
        <source>Find</source>
        <translation>Suchen</translation>
    </message>
    <message>
        <source>Replace by</source>
        <translation>Ersetzen durch</translation>
    </message>
    <message>
        <source>Upper and lower case count (Alt+C)</source>
        <translation>Groß- und Kleinschreibung beachten (Alt+C)</translation>
    </message>
    <message>
        <source>Whole words only (Alt+W)</source>
        <translation>Nur ganze Wörter (Alt+W)</translation>
    </message>
    <message>
        <source>Regular expression (Alt+R)</source>
        <translation>Regulärer Ausdruck (Alt+R)</translation>
    </message>
    <message>
        <source>Match before (Shift+Enter)</source>
        <translation>Vorheriger Treffer (Umschalt+Eingabe)</translation>
    </message>
    <message>
        <source>Next match (Enter)</source>
        <translation>Nächster Treffer (Eingabe)</translation>
    </message>
    <message>
        <source>Close (Esc)</source>
        <translation>Schließen (Esc)</translation>
    </message>
    <message>
        <source>Replace</source>
        <translation>Ersetzen</translation>
    </message>
    <message>
        <source>Replace this match (Enter)</source>
        <translation>Diesen Treffer ersetzen (Eingabe)</translation>
    </message>
    <message>
        <source>All</source>
        <translation>Alle</translation>
    </message>
    <message>
        <source>Replace all matches (Ctrl+Alt+Enter)</source>
        <translation>Alle Treffer ersetzen (Strg+Alt+Eingabe)</translation>
    </message>
    <message>
        <source>No pattern</source>
        <translation>Kein Suchmuster</translation>
    </message>
    <message>
        <source>Nothing found</source>
        <translation>Nichts gefunden</translation>
    </message>
    <message>
        <source>{0} of {1}</source>
        <translation>{0} von {1}</translation>
    </message>
    <message>
        <source>{0} found</source>
        <translation>{0} gefunden</translation>
    </message>
    <message>
        <source>Not a regular expression: {0}</source>
        <translation>Kein regulärer Ausdruck: {0}</translation>
    </message>
</context>
<context>
    <name>Finder</name>
    <message>
        <source>{0} replaced</source>
        <translation>{0} ersetzt</translation>
    </message>
    <message>
        <source>Not replaced</source>
        <translation>Nicht ersetzt</translation>
    </message>
    <message>
        <source>The replacement does not fit: {0}</source>
        <translation>Der Ersatz passt nicht: {0}</translation>
    </message>
    <message>
        <source>Search actions …</source>
        <translation>Aktionen suchen …</translation>
    </message>
    <message>
        <source>Search the flow: a name, running, cron, group:… </source>
        <translation>Im Ablauf suchen: ein Name, running, cron, group:… </translation>
    </message>
</context>
<context>
    <name>FlowGitDialog</name>
    <message>
        <source>{0} in git</source>
        <translation>{0} in Git</translation>
    </message>
    <message>
        <source>Branch</source>
        <translation>Branch</translation>
    </message>
    <message>
        <source>New Branch …</source>
        <translation>Neuer Branch …</translation>
    </message>
    <message>
        <source>Commits</source>
        <translation>Commits</translation>
    </message>
    <message>
        <source>Parts that differ</source>
        <translation>Teile, die sich unterscheiden</translation>
    </message>
    <message>
        <source>What differs</source>
        <translation>Was sich unterscheidet</translation>
    </message>
    <message>
        <source>What was changed</source>
        <translation>Was geändert wurde</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>Nachricht</translation>
    </message>
    <message>
        <source>Commit</source>
        <translation>Commit</translation>
    </message>
    <message>
        <source>Settle Conflicts …</source>
        <translation>Konflikte lösen …</translation>
    </message>
    <message>
        <source>With the other flows of the folder ({0})</source>
        <translation>Mit den anderen Abläufen des Ordners ({0})</translation>
    </message>
    <message>
        <source>The file is as it was committed.</source>
        <translation>Die Datei ist, wie sie festgeschrieben wurde.</translation>
    </message>
    <message>
        <source>The file was changed since the last commit.</source>
        <translation>Die Datei wurde seit dem letzten Commit geändert.</translation>
    </message>
    <message>
        <source>The file is not in git yet.</source>
        <translation>Die Datei ist noch nicht in Git.</translation>
    </message>
    <message>
        <source>The file is in conflict.</source>
        <translation>Die Datei ist im Konflikt.</translation>
    </message>
    <message>
        <source>What is drawn is what this commit has.</source>
        <translation>Gezeichnet ist, was dieser Commit enthält.</translation>
    </message>
    <message>
        <source>processor &apos;{0}&apos;</source>
        <translation>Prozessor „{0}“</translation>
    </message>
    <message>
        <source>connection &apos;{0}&apos;</source>
        <translation>Verbindung „{0}“</translation>
    </message>
    <message>
        <source>subflow &apos;{0}&apos;</source>
        <translation>Teilablauf „{0}“</translation>
    </message>
    <message>
        <source>label &apos;{0}&apos;</source>
        <translation>Notiz „{0}“</translation>
    </message>
    <message>
        <source>header &apos;{0}&apos;</source>
        <translation>Kopf „{0}“</translation>
    </message>
    <message>
        <source>The branch is &apos;{0}&apos; now and no longer &apos;{1}&apos;: it was switched elsewhere. Once more commits to it.</source>
        <translation>Der Branch ist jetzt „{0}“ und nicht mehr „{1}“: Er wurde anderswo gewechselt. Noch einmal schreibt dorthin fest.</translation>
    </message>
    <message>
        <source>New Branch</source>
        <translation>Neuer Branch</translation>
    </message>
    <message>
        <source>Name of the branch, which begins at &apos;{0}&apos;:</source>
        <translation>Name des Branchs, der bei „{0}“ beginnt:</translation>
    </message>
    <message>
        <source>There is no {0} on the branch &apos;{1}&apos;; choose another branch.</source>
        <translation>Auf dem Branch „{1}“ gibt es {0} nicht; wählen Sie einen anderen Branch.</translation>
    </message>
    <message>
        <source>What the branch &apos;{0}&apos; has cannot be drawn; correct it there first: {1}</source>
        <translation>Was der Branch „{0}“ hat, kann nicht gezeichnet werden; berichtigen Sie es zuerst dort: {1}</translation>
    </message>
</context>
<context>
    <name>FlowList</name>
    <message>
        <source>Flows</source>
        <translation>Abläufe</translation>
    </message>
    <message>
        <source>Find a flow …</source>
        <translation>Einen Ablauf suchen …</translation>
    </message>
    <message>
        <source>Find a flow</source>
        <translation>Einen Ablauf suchen</translation>
    </message>
    <message>
        <source>Stored flows</source>
        <translation>Gespeicherte Abläufe</translation>
    </message>
    <message>
        <source>No flow is called that.</source>
        <translation>Kein Ablauf heißt so.</translation>
    </message>
    <message>
        <source>There is no stored flow yet: make a new one, or open a file.</source>
        <translation>Es gibt noch keinen gespeicherten Ablauf: Legen Sie einen an, oder öffnen Sie eine Datei.</translation>
    </message>
    <message>
        <source>&amp;Open</source>
        <translation>&amp;Öffnen</translation>
    </message>
    <message>
        <source>D&amp;uplicate</source>
        <translation>D&amp;uplizieren</translation>
    </message>
    <message>
        <source>&amp;Delete …</source>
        <translation>&amp;Löschen …</translation>
    </message>
</context>
<context>
    <name>FlowListModel</name>
    <message>
        <source>1 processor</source>
        <translation>1 Prozessor</translation>
    </message>
    <message>
        <source>{} processors</source>
        <translation>{} Prozessoren</translation>
    </message>
    <message>
        <source>{name}: {size}, changed {when} by {who}</source>
        <translation>{name}: {size}, geändert {when} von {who}</translation>
    </message>
</context>
<context>
    <name>FlowPage</name>
    <message>
        <source>Double-click to add a processor, or drag one here.</source>
        <translation>Doppelklicken Sie, um einen Prozessor hinzuzufügen, oder ziehen Sie einen hierher.</translation>
    </message>
    <message>
        <source>Only subflows have ports of their own; enter one first.</source>
        <translation>Nur Teilabläufe haben eigene Anschlüsse; öffnen Sie zuerst einen.</translation>
    </message>
    <message>
        <source>&apos;{}&apos; cannot be used: {}</source>
        <translation>„{}“ kann nicht verwendet werden: {}</translation>
    </message>
</context>
<context>
    <name>FlowTabs</name>
    <message>
        <source>Open flows</source>
        <translation>Offene Abläufe</translation>
    </message>
</context>
<context>
    <name>FlowViewer</name>
    <message>
        <source>{0} (funnel), last 5 minutes</source>
        <translation>{0} (Trichter), letzte 5 Minuten</translation>
    </message>
    <message>
        <source>Canvas</source>
        <translation>Zeichenfläche</translation>
    </message>
</context>
<context>
    <name>FlowsDialog</name>
    <message>
        <source>Stored flows</source>
        <translation>Gespeicherte Abläufe</translation>
    </message>
</context>
<context>
    <name>Form</name>
    <message>
        <source>Advanced</source>
        <translation>Erweitert</translation>
    </message>
</context>
<context>
    <name>GroupEditor</name>
    <message>
        <source>Fill in</source>
        <translation>Ausfüllen</translation>
    </message>
    <message>
        <source>Fill in {0}</source>
        <translation>{0} ausfüllen</translation>
    </message>
</context>
<context>
    <name>GroupsEditor</name>
    <message>
        <source>Add</source>
        <translation>Hinzufügen</translation>
    </message>
    <message>
        <source>Add to {0}</source>
        <translation>Zu {0} hinzufügen</translation>
    </message>
</context>
<context>
    <name>Guide</name>
    <message>
        <source>No definition of this is known.</source>
        <translation>Dafür ist keine Definition bekannt.</translation>
    </message>
</context>
<context>
    <name>Gutter</name>
    <message>
        <source>Line numbers</source>
        <translation>Zeilennummern</translation>
    </message>
</context>
<context>
    <name>Hand</name>
    <message>
        <source>A subflow&apos;s inputs lead inwards, its outputs outwards.</source>
        <translation>Die Eingänge eines Teilablaufs führen nach innen, seine Ausgänge nach außen.</translation>
    </message>
    <message>
        <source>&apos;{}&apos; has no outputs.</source>
        <translation>„{}“ hat keine Ausgänge.</translation>
    </message>
    <message>
        <source>&apos;{}&apos; is a source and takes no input.</source>
        <translation>„{}“ ist eine Quelle und nimmt keine Eingaben an.</translation>
    </message>
    <message>
        <source>From which output of &apos;{}&apos;?</source>
        <translation>Von welchem Ausgang von „{}“?</translation>
    </message>
    <message>
        <source>To which input of &apos;{}&apos;?</source>
        <translation>Zu welchem Eingang von „{}“?</translation>
    </message>
</context>
<context>
    <name>Heading</name>
    <message>
        <source>What the manual says about it</source>
        <translation>Was das Handbuch darüber sagt</translation>
    </message>
    <message>
        <source>Manual</source>
        <translation>Handbuch</translation>
    </message>
</context>
<context>
    <name>HelpWindow</name>
    <message>
        <source>Manual</source>
        <translation>Handbuch</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Zurück</translation>
    </message>
    <message>
        <source>Forward</source>
        <translation>Vorwärts</translation>
    </message>
    <message>
        <source>Contents</source>
        <translation>Inhalt</translation>
    </message>
    <message>
        <source>Smaller</source>
        <translation>Kleiner</translation>
    </message>
    <message>
        <source>Usual Size</source>
        <translation>Übliche Größe</translation>
    </message>
    <message>
        <source>Larger</source>
        <translation>Größer</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>Suchen</translation>
    </message>
    <message>
        <source>Previous Mark</source>
        <translation>Vorherige Markierung</translation>
    </message>
    <message>
        <source>Next Mark</source>
        <translation>Nächste Markierung</translation>
    </message>
    <message>
        <source>{} - PYFI Manual</source>
        <translation>{} – PYFI-Handbuch</translation>
    </message>
    <message>
        <source>{} of {}</source>
        <translation>{} von {}</translation>
    </message>
</context>
<context>
    <name>HistoryDialog</name>
    <message>
        <source>History of the code of {}</source>
        <translation>Verlauf des Codes von {}</translation>
    </message>
    <message>
        <source>Versions</source>
        <translation>Fassungen</translation>
    </message>
    <message>
        <source>Saved</source>
        <translation>Gespeichert</translation>
    </message>
    <message>
        <source>By</source>
        <translation>Von</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Notiz</translation>
    </message>
    <message>
        <source>Also what stood for less than half a minute</source>
        <translation>Auch was kürzer als eine halbe Minute stand</translation>
    </message>
    <message>
        <source>Compare with</source>
        <translation>Vergleichen mit</translation>
    </message>
    <message>
        <source>Compare with the code now</source>
        <translation>Mit dem jetzigen Code vergleichen</translation>
    </message>
    <message>
        <source>Compare with the version before</source>
        <translation>Mit der Fassung davor vergleichen</translation>
    </message>
    <message>
        <source>A note on this version</source>
        <translation>Eine Notiz zu dieser Fassung</translation>
    </message>
    <message>
        <source>Take this version back</source>
        <translation>Diese Fassung zurückholen</translation>
    </message>
    <message>
        <source>Next difference</source>
        <translation>Nächster Unterschied</translation>
    </message>
    <message>
        <source>Difference before</source>
        <translation>Voriger Unterschied</translation>
    </message>
    <message>
        <source>{0} versions, {1} more in between</source>
        <translation>{0} Fassungen, dazwischen {1} weitere</translation>
    </message>
    <message>
        <source>{0} versions</source>
        <translation>{0} Fassungen</translation>
    </message>
    <message>
        <source>Saved {0} by {1}</source>
        <translation>Gespeichert {0} von {1}</translation>
    </message>
    <message>
        <source>Now</source>
        <translation>Jetzt</translation>
    </message>
    <message>
        <source>Nothing</source>
        <translation>Nichts</translation>
    </message>
    <message>
        <source>the same</source>
        <translation>dasselbe</translation>
    </message>
</context>
<context>
    <name>InspectCommands</name>
    <message>
        <source>Empty the queue {}?</source>
        <translation>Die Warteschlange {} leeren?</translation>
    </message>
    <message>
        <source>Empty {} queues?</source>
        <translation>{} Warteschlangen leeren?</translation>
    </message>
    <message>
        <source>Empty all queues inside {}?</source>
        <translation>Alle Warteschlangen in {} leeren?</translation>
    </message>
    <message>
        <source>Empty all queues of “{}”?</source>
        <translation>Alle Warteschlangen von „{}“ leeren?</translation>
    </message>
    <message>
        <source>Nothing waits there.</source>
        <translation>Dort wartet nichts.</translation>
    </message>
    <message>
        <source>1 message is deleted for good, unless it is being worked on.</source>
        <translation>1 Nachricht wird endgültig gelöscht, wenn nicht gerade an ihr gearbeitet wird.</translation>
    </message>
    <message>
        <source>{} messages are deleted for good, but for those that are being worked on.</source>
        <translation>{} Nachrichten werden endgültig gelöscht, außer denen, an denen gerade gearbeitet wird.</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Löschen</translation>
    </message>
    <message>
        <source>1 message deleted</source>
        <translation>1 Nachricht gelöscht</translation>
    </message>
    <message>
        <source>{} messages deleted</source>
        <translation>{} Nachrichten gelöscht</translation>
    </message>
</context>
<context>
    <name>Inspector</name>
    <message>
        <source>Edit code</source>
        <translation>Code bearbeiten</translation>
    </message>
    <message>
        <source>No flow is open.</source>
        <translation>Kein Ablauf ist offen.</translation>
    </message>
    <message>
        <source>Inspector</source>
        <translation>Inspektor</translation>
    </message>
    <message>
        <source>These parts have nothing in common.</source>
        <translation>Diese Teile haben nichts gemeinsam.</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Ports</source>
        <translation>Anschlüsse</translation>
    </message>
    <message>
        <source>Subflow of {0}</source>
        <translation>Teilablauf aus {0}</translation>
    </message>
    <message>
        <source>Connection</source>
        <translation>Verbindung</translation>
    </message>
    <message>
        <source>Label</source>
        <translation>Notiz</translation>
    </message>
    <message>
        <source>Subflow, as all that use it have it</source>
        <translation>Teilablauf, wie ihn alle haben, die ihn verwenden</translation>
    </message>
    <message>
        <source>Flow</source>
        <translation>Ablauf</translation>
    </message>
    <message>
        <source>Unknown type &apos;{0}&apos;</source>
        <translation>Unbekannter Typ „{0}“</translation>
    </message>
    <message>
        <source>Running</source>
        <translation>Ausführung</translation>
    </message>
    <message>
        <source>1 processor</source>
        <translation>1 Prozessor</translation>
    </message>
    <message>
        <source>{0} processors</source>
        <translation>{0} Prozessoren</translation>
    </message>
    <message>
        <source>1 subflow</source>
        <translation>1 Teilablauf</translation>
    </message>
    <message>
        <source>{0} subflows</source>
        <translation>{0} Teilabläufe</translation>
    </message>
    <message>
        <source>1 connection</source>
        <translation>1 Verbindung</translation>
    </message>
    <message>
        <source>{0} connections</source>
        <translation>{0} Verbindungen</translation>
    </message>
    <message>
        <source>1 label</source>
        <translation>1 Notiz</translation>
    </message>
    <message>
        <source>{0} labels</source>
        <translation>{0} Notizen</translation>
    </message>
    <message>
        <source>In common</source>
        <translation>Gemeinsam</translation>
    </message>
    <message>
        <source>{0} parts</source>
        <translation>{0} Teile</translation>
    </message>
    <message>
        <source>Notes</source>
        <translation>Hinweise</translation>
    </message>
    <message>
        <source>YAML</source>
        <translation>YAML</translation>
    </message>
</context>
<context>
    <name>Item</name>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Remove {0} of {1}</source>
        <translation>{0} von {1} entfernen</translation>
    </message>
</context>
<context>
    <name>Keeper</name>
    <message>
        <source>a fault in PYFI ({}); it is tried again</source>
        <translation>ein Fehler in PYFI ({}); es wird wieder versucht</translation>
    </message>
    <message>
        <source>{}. They cannot be kept beside the database either ({}): save the flow to a file elsewhere</source>
        <translation>{}. Sie können auch nicht neben der Datenbank aufgehoben werden ({}): Speichern Sie den Ablauf anderswo in einer Datei</translation>
    </message>
    <message>
        <source>the flow was changed elsewhere, in the same parts</source>
        <translation>der Ablauf wurde anderswo geändert, an denselben Teilen</translation>
    </message>
    <message>
        <source>changes made elsewhere</source>
        <translation>anderswo gemachte Änderungen</translation>
    </message>
    <message>
        <source>the flow was deleted elsewhere; save it as a file to keep it</source>
        <translation>der Ablauf wurde anderswo gelöscht; speichern Sie ihn als Datei, um ihn zu behalten</translation>
    </message>
</context>
<context>
    <name>KeyRecorder</name>
    <message>
        <source>Press the keys …</source>
        <translation>Tasten drücken …</translation>
    </message>
    <message>
        <source>Record keys</source>
        <translation>Tasten aufnehmen</translation>
    </message>
</context>
<context>
    <name>Legend</name>
    <message>
        <source>What the chart shows</source>
        <translation>Was das Diagramm zeigt</translation>
    </message>
</context>
<context>
    <name>LibraryPanel</name>
    <message>
        <source>Library</source>
        <translation>Bibliothek</translation>
    </message>
    <message>
        <source>Find a pattern …</source>
        <translation>Muster suchen …</translation>
    </message>
    <message>
        <source>Find a pattern</source>
        <translation>Muster suchen</translation>
    </message>
    <message>
        <source>More</source>
        <translation>Mehr</translation>
    </message>
    <message>
        <source>More for the library</source>
        <translation>Mehr zur Bibliothek</translation>
    </message>
    <message>
        <source>Patterns</source>
        <translation>Muster</translation>
    </message>
    <message>
        <source>No pattern has “{}”.</source>
        <translation>Kein Muster hat „{}“.</translation>
    </message>
    <message>
        <source>Select parts of a flow and save them as a pattern, to use them again.</source>
        <translation>Wählen Sie Teile eines Ablaufs aus und speichern Sie sie als Muster, um sie wieder zu verwenden.</translation>
    </message>
    <message>
        <source>Drag it to the canvas, or press Return. With Shift: as loose parts.</source>
        <translation>Auf die Zeichenfläche ziehen, oder Eingabe drücken. Mit Umschalt: als einzelne Teile.</translation>
    </message>
    <message>
        <source>Takes: {}</source>
        <translation>Nimmt: {}</translation>
    </message>
    <message>
        <source>Gives: {}</source>
        <translation>Gibt: {}</translation>
    </message>
    <message>
        <source>Tags: {}</source>
        <translation>Stichwörter: {}</translation>
    </message>
    <message>
        <source>Insert as Subflow</source>
        <translation>Als Teilablauf einsetzen</translation>
    </message>
    <message>
        <source>Insert Loose Parts</source>
        <translation>Einzelne Teile einsetzen</translation>
    </message>
    <message>
        <source>Rename …</source>
        <translation>Umbenennen …</translation>
    </message>
    <message>
        <source>Delete …</source>
        <translation>Löschen …</translation>
    </message>
    <message>
        <source>Undo Delete</source>
        <translation>Löschen zurücknehmen</translation>
    </message>
    <message>
        <source>Export …</source>
        <translation>Exportieren …</translation>
    </message>
    <message>
        <source>Import …</source>
        <translation>Importieren …</translation>
    </message>
    <message>
        <source>Add a Folder …</source>
        <translation>Ordner hinzufügen …</translation>
    </message>
    <message>
        <source>Folders</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>Show It</source>
        <translation>Zeigen</translation>
    </message>
    <message>
        <source>Leave It Out</source>
        <translation>Weglassen</translation>
    </message>
    <message>
        <source>Save New Patterns Here</source>
        <translation>Neue Muster hier speichern</translation>
    </message>
    <message>
        <source>&apos;{}&apos; cannot be used: {}</source>
        <translation>„{}“ kann nicht verwendet werden: {}</translation>
    </message>
    <message>
        <source>Select a processor or subflow to save it as a pattern.</source>
        <translation>Wählen Sie einen Prozessor oder Teilablauf aus, um ihn als Muster zu speichern.</translation>
    </message>
    <message>
        <source>Save as pattern</source>
        <translation>Als Muster speichern</translation>
    </message>
    <message>
        <source>Saved pattern &apos;{}&apos; to {}</source>
        <translation>Muster „{}“ in {} gespeichert</translation>
    </message>
    <message>
        <source>There is a pattern of this name; you are asked before it is replaced.</source>
        <translation>Es gibt ein Muster dieses Namens; Sie werden gefragt, bevor es ersetzt wird.</translation>
    </message>
    <message>
        <source>There is a pattern &apos;{}&apos; already, in {}. Replace it?</source>
        <translation>Es gibt schon ein Muster „{}“ in {}. Ersetzen?</translation>
    </message>
    <message>
        <source>Replace the pattern?</source>
        <translation>Das Muster ersetzen?</translation>
    </message>
    <message>
        <source>Replace</source>
        <translation>Ersetzen</translation>
    </message>
    <message>
        <source>Rename &apos;{}&apos;</source>
        <translation>„{}“ umbenennen</translation>
    </message>
    <message>
        <source>Deleted pattern &apos;{}&apos;. Undo Delete in the library&apos;s menu brings it back.</source>
        <translation>Muster „{}“ gelöscht. Löschen zurücknehmen im Menü der Bibliothek bringt es wieder.</translation>
    </message>
    <message>
        <source>Export the pattern</source>
        <translation>Muster exportieren</translation>
    </message>
    <message>
        <source>{} cannot be written: {}</source>
        <translation>{} kann nicht geschrieben werden: {}</translation>
    </message>
    <message>
        <source>Import a pattern</source>
        <translation>Muster importieren</translation>
    </message>
    <message>
        <source>Patterns (*.flow.yaml *.yaml *.yml *.json)</source>
        <translation>Muster (*.flow.yaml *.yaml *.yml *.json)</translation>
    </message>
    <message>
        <source>Add a folder of patterns</source>
        <translation>Ordner mit Mustern hinzufügen</translation>
    </message>
    <message>
        <source>PYFI_PATTERNS names the folders; change that instead.</source>
        <translation>PYFI_PATTERNS nennt die Ordner; ändern Sie das stattdessen.</translation>
    </message>
</context>
<context>
    <name>Line</name>
    <message>
        <source>Problem: {0}</source>
        <translation>Problem: {0}</translation>
    </message>
</context>
<context>
    <name>LineBar</name>
    <message>
        <source>Go to line</source>
        <translation>Gehe zu Zeile</translation>
    </message>
    <message>
        <source>Line</source>
        <translation>Zeile</translation>
    </message>
    <message>
        <source>1 to {0}, or line:column</source>
        <translation>1 bis {0}, oder Zeile:Spalte</translation>
    </message>
</context>
<context>
    <name>LineEditor</name>
    <message>
        <source>required</source>
        <translation>erforderlich</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>nichts</translation>
    </message>
    <message>
        <source>empty</source>
        <translation>leer</translation>
    </message>
</context>
<context>
    <name>LineageDialog</name>
    <message>
        <source>Data provenance of {}</source>
        <translation>Herkunft der Daten von {}</translation>
    </message>
    <message>
        <source>Messages</source>
        <translation>Nachrichten</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>What</source>
        <translation>Was</translation>
    </message>
    <message>
        <source>Queue</source>
        <translation>Warteschlange</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>Nachricht</translation>
    </message>
    <message>
        <source>Places</source>
        <translation>Stellen</translation>
    </message>
    <message>
        <source>Processor</source>
        <translation>Prozessor</translation>
    </message>
    <message>
        <source>What became of it</source>
        <translation>Was daraus wurde</translation>
    </message>
    <message>
        <source>Refresh</source>
        <translation>Neu laden</translation>
    </message>
    <message>
        <source>arrived</source>
        <translation>angekommen</translation>
    </message>
    <message>
        <source>sent</source>
        <translation>gesendet</translation>
    </message>
    <message>
        <source>failed for good</source>
        <translation>endgültig fehlgeschlagen</translation>
    </message>
    <message>
        <source>edited by hand</source>
        <translation>von Hand geändert</translation>
    </message>
    <message>
        <source>The last message</source>
        <translation>Die letzte Nachricht</translation>
    </message>
    <message>
        <source>The last {} messages</source>
        <translation>Die letzten {} Nachrichten</translation>
    </message>
    <message>
        <source>No message has come to it or left it by a queue; fused processors pass theirs on without one.</source>
        <translation>Keine Nachricht kam oder ging durch eine Warteschlange; verschmolzene Prozessoren reichen ihre ohne eine weiter.</translation>
    </message>
    <message>
        <source>made here</source>
        <translation>hier gemacht</translation>
    </message>
    <message>
        <source>waits</source>
        <translation>wartet</translation>
    </message>
    <message>
        <source>passed on</source>
        <translation>weitergereicht</translation>
    </message>
    <message>
        <source>nothing came of it</source>
        <translation>daraus wurde nichts</translation>
    </message>
    <message>
        <source>edited {0} by {1}</source>
        <translation>geändert {0} von {1}</translation>
    </message>
    <message>
        <source>There is more than is looked back on.</source>
        <translation>Es gibt mehr, als zurückverfolgt wird.</translation>
    </message>
    <message>
        <source>1 place</source>
        <translation>1 Stelle</translation>
    </message>
    <message>
        <source>{} places</source>
        <translation>{} Stellen</translation>
    </message>
</context>
<context>
    <name>LineageTree</name>
    <message>
        <source>Drawing of where the message came from and what became of it</source>
        <translation>Zeichnung, woher die Nachricht kam und was aus ihr wurde</translation>
    </message>
</context>
<context>
    <name>Link</name>
    <message>
        <source>Queued {} ({})</source>
        <translation>{} wartend ({})</translation>
    </message>
</context>
<context>
    <name>LiveDebug</name>
    <message>
        <source>The flow has ended</source>
        <translation>Der Ablauf ist zu Ende</translation>
    </message>
</context>
<context>
    <name>LiveTab</name>
    <message>
        <source>In the flow</source>
        <translation>Im Ablauf</translation>
    </message>
</context>
<context>
    <name>LogModel</name>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>Step</source>
        <translation>Schritt</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>Text</translation>
    </message>
    <message>
        <source>Go to &apos;{}&apos;</source>
        <translation>Gehe zu „{}“</translation>
    </message>
    <message numerus="yes">
        <source>+%n lines</source>
        <translation>
            <numerusform>+%n Zeile</numerusform>
            <numerusform>+%n Zeilen</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>LogPanel</name>
    <message>
        <source>Log</source>
        <translation>Protokoll</translation>
    </message>
    <message>
        <source>Bulletins</source>
        <translation>Meldungen</translation>
    </message>
    <message>
        <source>Show only warnings and errors</source>
        <translation>Nur Warnungen und Fehler zeigen</translation>
    </message>
    <message>
        <source>Follow: stay with the newest line</source>
        <translation>Folgen: bei der neuesten Zeile bleiben</translation>
    </message>
    <message>
        <source>Clear: forget these lines (the log file keeps them)</source>
        <translation>Leeren: diese Zeilen vergessen (die Protokolldatei behält sie)</translation>
    </message>
    <message>
        <source>Least level</source>
        <translation>Niedrigste Stufe</translation>
    </message>
    <message>
        <source>All levels</source>
        <translation>Alle Stufen</translation>
    </message>
    <message>
        <source>Information</source>
        <translation>Information</translation>
    </message>
    <message>
        <source>Warnings</source>
        <translation>Warnungen</translation>
    </message>
    <message>
        <source>Errors</source>
        <translation>Fehler</translation>
    </message>
    <message>
        <source>Show lines of this level and above</source>
        <translation>Zeilen ab dieser Stufe zeigen</translation>
    </message>
    <message>
        <source>Step</source>
        <translation>Schritt</translation>
    </message>
    <message>
        <source>Filter the log …</source>
        <translation>Protokoll filtern …</translation>
    </message>
    <message>
        <source>Filter the log</source>
        <translation>Protokoll filtern</translation>
    </message>
    <message>
        <source>Lines of the log</source>
        <translation>Zeilen des Protokolls</translation>
    </message>
    <message>
        <source>{:,} lines came too fast to be shown here; `pyfi logs` has them.</source>
        <translation>{:,} Zeilen kamen zu schnell, um hier gezeigt zu werden; `pyfi logs` hat sie.</translation>
    </message>
    <message>
        <source>All steps</source>
        <translation>Alle Schritte</translation>
    </message>
    <message>
        <source>No flow is open.</source>
        <translation>Kein Ablauf ist offen.</translation>
    </message>
    <message>
        <source>None of the lines passes the filter.</source>
        <translation>Keine der Zeilen kommt durch den Filter.</translation>
    </message>
    <message>
        <source>Nothing was said yet. What steps say while the flow runs appears here.</source>
        <translation>Noch wurde nichts gesagt. Was die Schritte sagen, während der Ablauf läuft, erscheint hier.</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Go to &apos;{}&apos;</source>
        <translation>Gehe zu „{}“</translation>
    </message>
    <message>
        <source>Only what &apos;{}&apos; says</source>
        <translation>Nur was „{}“ sagt</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>Leeren</translation>
    </message>
</context>
<context>
    <name>LongTextEditor</name>
    <message>
        <source>required</source>
        <translation>erforderlich</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Inspector</source>
        <translation>Inspektor</translation>
    </message>
    <message>
        <source>Code</source>
        <translation>Code</translation>
    </message>
    <message>
        <source>Results</source>
        <translation>Ergebnisse</translation>
    </message>
    <message>
        <source>Library</source>
        <translation>Muster</translation>
    </message>
    <message>
        <source>Charts</source>
        <translation>Diagramme</translation>
    </message>
    <message>
        <source>Nodes</source>
        <translation>Knoten</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>&amp;Rückgängig</translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation>&amp;Wiederholen</translation>
    </message>
    <message>
        <source>Actions</source>
        <translation>Aktionen</translation>
    </message>
    <message>
        <source>Edits of this flow were found that this PYFI cannot use. They are kept in {}.</source>
        <translation>Es fanden sich Änderungen dieses Flows, die dieses PYFI nicht verwenden kann. Sie liegen in {}.</translation>
    </message>
    <message>
        <source>1 processor</source>
        <translation>1 Prozessor</translation>
    </message>
    <message>
        <source>{} processors</source>
        <translation>{} Prozessoren</translation>
    </message>
    <message>
        <source>Saved to {}</source>
        <translation>Gespeichert in {}</translation>
    </message>
    <message>
        <source>Saved</source>
        <translation>Gespeichert</translation>
    </message>
    <message>
        <source>Saving …</source>
        <translation>Wird gespeichert …</translation>
    </message>
    <message>
        <source>Not saved: {}</source>
        <translation>Nicht gespeichert: {}</translation>
    </message>
</context>
<context>
    <name>MergeDialog</name>
    <message>
        <source>Merge</source>
        <translation>Zusammenführen</translation>
    </message>
    <message>
        <source>Part</source>
        <translation>Teil</translation>
    </message>
    <message>
        <source>Before</source>
        <translation>Vorher</translation>
    </message>
    <message>
        <source>Ours</source>
        <translation>Unseres</translation>
    </message>
    <message>
        <source>Theirs</source>
        <translation>Deren</translation>
    </message>
    <message>
        <source>Take</source>
        <translation>Nehmen</translation>
    </message>
    <message>
        <source>Conflicts</source>
        <translation>Konflikte</translation>
    </message>
    <message>
        <source>Both sides changed these. All else has come together by itself.</source>
        <translation>Diese haben beide Seiten geändert. Alles andere fand von selbst zusammen.</translation>
    </message>
    <message>
        <source>Nothing conflicts; both sides come together by themselves.</source>
        <translation>Nichts steht im Konflikt; beide Seiten finden von selbst zusammen.</translation>
    </message>
    <message>
        <source>What is taken for {0}</source>
        <translation>Was für {0} genommen wird</translation>
    </message>
    <message>
        <source>As before</source>
        <translation>Wie vorher</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>nichts</translation>
    </message>
</context>
<context>
    <name>MessageView</name>
    <message>
        <source>Message</source>
        <translation>Nachricht</translation>
    </message>
    <message>
        <source>Content</source>
        <translation>Inhalt</translation>
    </message>
    <message>
        <source>Attribute</source>
        <translation>Attribut</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Wert</translation>
    </message>
    <message>
        <source>Attributes</source>
        <translation>Attribute</translation>
    </message>
    <message>
        <source>Bytes</source>
        <translation>Bytes</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>Bild</translation>
    </message>
    <message>
        <source>{} bytes, which are no text: see the page “Bytes”</source>
        <translation>{} Bytes, die kein Text sind: siehe die Seite „Bytes“</translation>
    </message>
    <message>
        <source>
… {} more characters</source>
        <translation>
… {} weitere Zeichen</translation>
    </message>
</context>
<context>
    <name>Minimap</name>
    <message>
        <source>Minimap</source>
        <translation>Übersichtskarte</translation>
    </message>
    <message>
        <source>No flow is open.</source>
        <translation>Kein Ablauf ist offen.</translation>
    </message>
    <message>
        <source>Nothing is here yet.</source>
        <translation>Hier ist noch nichts.</translation>
    </message>
</context>
<context>
    <name>NodeRow</name>
    <message>
        <source>looks after it</source>
        <translation>überwacht ihn</translation>
    </message>
    <message>
        <source>lease has run out</source>
        <translation>Zuteilung ist abgelaufen</translation>
    </message>
    <message>
        <source>waits</source>
        <translation>wartet</translation>
    </message>
    <message>
        <source>running</source>
        <translation>läuft</translation>
    </message>
    <message>
        <source>starting</source>
        <translation>startet</translation>
    </message>
    <message>
        <source>stopped</source>
        <translation>angehalten</translation>
    </message>
    <message>
        <source>broken</source>
        <translation>gestört</translation>
    </message>
    <message>
        <source>now</source>
        <translation>jetzt</translation>
    </message>
    <message>
        <source>{} ago</source>
        <translation>vor {}</translation>
    </message>
    <message>
        <source>gone</source>
        <translation>fort</translation>
    </message>
    <message>
        <source>disabled</source>
        <translation>deaktiviert</translation>
    </message>
    <message>
        <source>{0} on {1} CPUs</source>
        <translation>{0} auf {1} CPUs</translation>
    </message>
    <message>
        <source>{0} at {1}, process {2}</source>
        <translation>{0} auf {1}, Prozess {2}</translation>
    </message>
    <message>
        <source>{0}, {1} CPUs, {2} of memory</source>
        <translation>{0}, {1} CPUs, {2} Speicher</translation>
    </message>
    <message>
        <source>Labels: {}</source>
        <translation>Merkmale: {}</translation>
    </message>
</context>
<context>
    <name>NodesPanel</name>
    <message>
        <source>Nodes</source>
        <translation>Knoten</translation>
    </message>
    <message>
        <source>Let the node take work</source>
        <translation>Den Knoten Arbeit annehmen lassen</translation>
    </message>
    <message>
        <source>Give the node no more work; what it runs moves to others</source>
        <translation>Dem Knoten keine Arbeit mehr geben; was er ausführt, ziehen andere an sich</translation>
    </message>
    <message>
        <source>Forget the node: it is no more</source>
        <translation>Den Knoten vergessen: Es gibt ihn nicht mehr</translation>
    </message>
    <message>
        <source>Copy the Command</source>
        <translation>Befehl kopieren</translation>
    </message>
    <message>
        <source>Filter by node, label, stage or state …</source>
        <translation>Nach Knoten, Merkmal, Stufe oder Zustand filtern …</translation>
    </message>
    <message>
        <source>Filter the nodes</source>
        <translation>Die Knoten filtern</translation>
    </message>
    <message>
        <source>Nodes and what they run</source>
        <translation>Knoten und was sie ausführen</translation>
    </message>
    <message>
        <source>Node</source>
        <translation>Knoten</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>Load</source>
        <translation>Last</translation>
    </message>
    <message>
        <source>Busy</source>
        <translation>Beschäftigt</translation>
    </message>
    <message>
        <source>Labels</source>
        <translation>Merkmale</translation>
    </message>
    <message>
        <source>PYFI</source>
        <translation>PYFI</translation>
    </message>
    <message>
        <source>Last seen</source>
        <translation>Zuletzt gesehen</translation>
    </message>
    <message>
        <source>The flow runs on this machine. Choose a target beside Run to see its nodes.</source>
        <translation>Der Flow läuft auf diesem Rechner. Wählen Sie neben „Ausführen“ ein Ziel, um dessen Knoten zu sehen.</translation>
    </message>
    <message>
        <source>Asking “{}” for its nodes …</source>
        <translation>„{}“ wird nach seinen Knoten gefragt …</translation>
    </message>
    <message>
        <source>No agent of “{0}” was ever started. Run this on every machine that is to work:

{1}</source>
        <translation>Noch wurde kein Agent von „{0}“ gestartet. Führen Sie dies auf jedem Rechner aus, der arbeiten soll:

{1}</translation>
    </message>
    <message>
        <source>Waiting for a node ({})</source>
        <translation>Warten auf einen Knoten ({})</translation>
    </message>
    <message>
        <source>Enable</source>
        <translation>Aktivieren</translation>
    </message>
    <message>
        <source>Disable</source>
        <translation>Deaktivieren</translation>
    </message>
    <message>
        <source>Forget</source>
        <translation>Vergessen</translation>
    </message>
</context>
<context>
    <name>NoteEditor</name>
    <message>
        <source>Text of the note</source>
        <translation>Text der Notiz</translation>
    </message>
    <message>
        <source>Markdown: # heading, **bold**, - list</source>
        <translation>Markdown: # Überschrift, **fett**, - Liste</translation>
    </message>
    <message>
        <source>Esc or Ctrl+Return ends it.</source>
        <translation>Esc oder Strg+Eingabe beendet es.</translation>
    </message>
</context>
<context>
    <name>Notice</name>
    <message>
        <source>Notice</source>
        <translation>Hinweis</translation>
    </message>
    <message>
        <source>Close the notice</source>
        <translation>Hinweis schließen</translation>
    </message>
</context>
<context>
    <name>Operate</name>
    <message>
        <source>Operate</source>
        <translation>Steuerung</translation>
    </message>
    <message>
        <source>No flow is open</source>
        <translation>Kein Ablauf ist offen</translation>
    </message>
    <message numerus="yes">
        <source>%n parts</source>
        <translation>
            <numerusform>%n Teil</numerusform>
            <numerusform>%n Teile</numerusform>
        </translation>
    </message>
    <message>
        <source>1 step</source>
        <translation>1 Schritt</translation>
    </message>
    <message numerus="yes">
        <source>%n steps</source>
        <translation>
            <numerusform>%n Schritt</numerusform>
            <numerusform>%n Schritte</numerusform>
        </translation>
    </message>
    <message>
        <source>Subflow, {}</source>
        <translation>Teilablauf, {}</translation>
    </message>
    <message>
        <source>Flow, {}</source>
        <translation>Ablauf, {}</translation>
    </message>
    <message>
        <source>Subflow {}</source>
        <translation>Teilablauf {}</translation>
    </message>
    <message>
        <source>Connection</source>
        <translation>Verbindung</translation>
    </message>
    <message>
        <source>Input port</source>
        <translation>Eingang</translation>
    </message>
    <message>
        <source>Output port</source>
        <translation>Ausgang</translation>
    </message>
    <message>
        <source>Label</source>
        <translation>Notiz</translation>
    </message>
    <message>
        <source>1 connection</source>
        <translation>1 Verbindung</translation>
    </message>
    <message numerus="yes">
        <source>%n connections</source>
        <translation>
            <numerusform>%n Verbindung</numerusform>
            <numerusform>%n Verbindungen</numerusform>
        </translation>
    </message>
    <message>
        <source>1 other</source>
        <translation>1 weiterer</translation>
    </message>
    <message numerus="yes">
        <source>%n others</source>
        <translation>
            <numerusform>%n weiterer</numerusform>
            <numerusform>%n weitere</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Outline</name>
    <message>
        <source>Outline</source>
        <translation>Gliederung</translation>
    </message>
    <message>
        <source>Filter: name, running, cron, group:… </source>
        <translation>Filter: Name, running, cron, group:… </translation>
    </message>
    <message>
        <source>Filter the outline</source>
        <translation>Gliederung filtern</translation>
    </message>
    <message>
        <source>Parts of the flow</source>
        <translation>Teile des Ablaufs</translation>
    </message>
    <message>
        <source>1 part found</source>
        <translation>1 Teil gefunden</translation>
    </message>
    <message numerus="yes">
        <source>%n parts found</source>
        <translation>
            <numerusform>%n Teil gefunden</numerusform>
            <numerusform>%n Teile gefunden</numerusform>
        </translation>
    </message>
    <message>
        <source>No flow is open.</source>
        <translation>Kein Ablauf ist offen.</translation>
    </message>
    <message>
        <source>Nothing in this flow matches the filter.</source>
        <translation>Nichts in diesem Ablauf passt zum Filter.</translation>
    </message>
    <message>
        <source>This flow is empty. Drag a component from the palette onto the canvas.</source>
        <translation>Dieser Ablauf ist leer. Ziehen Sie einen Baustein aus der Palette auf die Zeichenfläche.</translation>
    </message>
</context>
<context>
    <name>OutlineModel</name>
    <message>
        <source>Label</source>
        <translation>Notiz</translation>
    </message>
    <message>
        <source>subflow</source>
        <translation>Teilablauf</translation>
    </message>
    <message>
        <source>label</source>
        <translation>Notiz</translation>
    </message>
    <message>
        <source>output port</source>
        <translation>Ausgang</translation>
    </message>
    <message>
        <source>input port</source>
        <translation>Eingang</translation>
    </message>
</context>
<context>
    <name>OverrideTable</name>
    <message>
        <source>Parameters</source>
        <translation>Parameter</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Wert</translation>
    </message>
</context>
<context>
    <name>Page</name>
    <message>
        <source>Change {0} of &apos;{1}&apos;</source>
        <translation>{0} von „{1}“ ändern</translation>
    </message>
    <message>
        <source>Change {0} of {1} parts</source>
        <translation>{0} von {1} Teilen ändern</translation>
    </message>
</context>
<context>
    <name>Palette</name>
    <message>
        <source>Palette</source>
        <translation>Palette</translation>
    </message>
    <message>
        <source>Find …</source>
        <translation>Suchen …</translation>
    </message>
    <message>
        <source>Find a component</source>
        <translation>Baustein suchen</translation>
    </message>
    <message>
        <source>Components</source>
        <translation>Bausteine</translation>
    </message>
    <message>
        <source>What the manual says about the chosen component (F1)</source>
        <translation>Was das Handbuch über den gewählten Baustein sagt (F1)</translation>
    </message>
    <message>
        <source>Manual</source>
        <translation>Handbuch</translation>
    </message>
    <message>
        <source>Parts</source>
        <translation>Teile</translation>
    </message>
    <message>
        <source>Your own code</source>
        <translation>Eigener Code</translation>
    </message>
    <message>
        <source>Sources</source>
        <translation>Quellen</translation>
    </message>
    <message>
        <source>Routing</source>
        <translation>Verteilen</translation>
    </message>
    <message>
        <source>Transforms</source>
        <translation>Umformen</translation>
    </message>
    <message>
        <source>Pace</source>
        <translation>Tempo</translation>
    </message>
    <message>
        <source>Network</source>
        <translation>Netz</translation>
    </message>
    <message>
        <source>Databases</source>
        <translation>Datenbanken</translation>
    </message>
    <message>
        <source>Sinks</source>
        <translation>Senken</translation>
    </message>
    <message>
        <source>Watching</source>
        <translation>Beobachten</translation>
    </message>
    <message>
        <source>Subflows of this flow</source>
        <translation>Teilabläufe dieses Ablaufs</translation>
    </message>
    <message>
        <source>Nothing is called “{}”.</source>
        <translation>Nichts heißt „{}“.</translation>
    </message>
    <message>
        <source>Drag a component onto the canvas, or press Return to have it in the middle.</source>
        <translation>Ziehen Sie einen Baustein auf die Zeichenfläche, oder drücken Sie die Eingabetaste, um ihn in der Mitte zu haben.</translation>
    </message>
    <message>
        <source>Open a flow to add components to it.</source>
        <translation>Öffnen Sie einen Ablauf, um Bausteine hinzuzufügen.</translation>
    </message>
    <message>
        <source>Takes: {}</source>
        <translation>Nimmt: {}</translation>
    </message>
    <message>
        <source>Gives: {}</source>
        <translation>Gibt: {}</translation>
    </message>
</context>
<context>
    <name>ParametersPage</name>
    <message>
        <source>Parameters</source>
        <translation>Parameter</translation>
    </message>
    <message>
        <source>Values that settings refer to as ${name}; a run may give them others.</source>
        <translation>Werte, auf die sich Einstellungen mit ${name} beziehen; ein Lauf kann ihnen andere geben.</translation>
    </message>
    <message>
        <source>&apos;{0}&apos; cannot name a parameter; use {1}</source>
        <translation>„{0}“ kann kein Parameter heißen; erlaubt ist: {1}</translation>
    </message>
    <message>
        <source>the parameters</source>
        <translation>die Parameter</translation>
    </message>
</context>
<context>
    <name>PartCommands</name>
    <message>
        <source>Wrap into a subflow</source>
        <translation>In einen Teilablauf fassen</translation>
    </message>
    <message>
        <source>Name of the subflow:</source>
        <translation>Name des Teilablaufs:</translation>
    </message>
    <message>
        <source>Select one subflow to download its definition.</source>
        <translation>Wählen Sie einen Teilablauf aus, um seine Definition herunterzuladen.</translation>
    </message>
    <message>
        <source>Download the flow definition</source>
        <translation>Definition des Ablaufs herunterladen</translation>
    </message>
    <message>
        <source>Saved to {}</source>
        <translation>Gespeichert in {}</translation>
    </message>
</context>
<context>
    <name>PartMenu</name>
    <message>
        <source>Align</source>
        <translation>Ausrichten</translation>
    </message>
</context>
<context>
    <name>PartPage</name>
    <message>
        <source>They differ; what you enter goes to all of them.</source>
        <translation>Sie sind verschieden; was Sie eingeben, gilt für alle.</translation>
    </message>
</context>
<context>
    <name>PartTextView</name>
    <message>
        <source>YAML</source>
        <translation>YAML</translation>
    </message>
    <message>
        <source>Problems of the YAML</source>
        <translation>Probleme des YAML</translation>
    </message>
    <message>
        <source>`{0}` stays as long as the part lives; add another part instead</source>
        <translation>`{0}` bleibt, solange es den Teil gibt; fügen Sie stattdessen einen anderen Teil hinzu</translation>
    </message>
    <message>
        <source>Line {0}: {1}</source>
        <translation>Zeile {0}: {1}</translation>
    </message>
</context>
<context>
    <name>PathEditor</name>
    <message>
        <source>Choose a folder…</source>
        <translation>Ordner wählen …</translation>
    </message>
    <message>
        <source>Choose a file…</source>
        <translation>Datei wählen …</translation>
    </message>
    <message>
        <source>Choose {0}</source>
        <translation>{0} wählen</translation>
    </message>
</context>
<context>
    <name>PatternDialog</name>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Description</source>
        <translation>Beschreibung</translation>
    </message>
    <message>
        <source>What it does, and what one puts in, in Markdown</source>
        <translation>Was es tut, und was man einsetzt, in Markdown</translation>
    </message>
    <message>
        <source>Tags</source>
        <translation>Stichwörter</translation>
    </message>
    <message>
        <source>such as http, cache</source>
        <translation>etwa http, cache</translation>
    </message>
    <message>
        <source>&amp;Name</source>
        <translation>&amp;Name</translation>
    </message>
    <message>
        <source>&amp;Description</source>
        <translation>&amp;Beschreibung</translation>
    </message>
    <message>
        <source>&amp;Tags</source>
        <translation>&amp;Stichwörter</translation>
    </message>
    <message>
        <source>A pattern must have a name.</source>
        <translation>Ein Muster muss einen Namen haben.</translation>
    </message>
</context>
<context>
    <name>PatternList</name>
    <message>
        <source>No description.</source>
        <translation>Keine Beschreibung.</translation>
    </message>
</context>
<context>
    <name>Plot</name>
    <message>
        <source>Chart</source>
        <translation>Diagramm</translation>
    </message>
</context>
<context>
    <name>PortsPage</name>
    <message>
        <source>Ports of the code</source>
        <translation>Anschlüsse des Codes</translation>
    </message>
    <message>
        <source>Not connected; nothing would reach it.</source>
        <translation>Nicht verbunden; nichts käme an.</translation>
    </message>
    <message>
        <source>Not connected: kept as dead letters.</source>
        <translation>Nicht verbunden: wird als unzustellbar aufgehoben.</translation>
    </message>
    <message>
        <source>Not connected.</source>
        <translation>Nicht verbunden.</translation>
    </message>
    <message>
        <source>Inputs</source>
        <translation>Eingänge</translation>
    </message>
    <message>
        <source>Outputs</source>
        <translation>Ausgänge</translation>
    </message>
    <message>
        <source>None: it is a source.</source>
        <translation>Keine: es ist eine Quelle.</translation>
    </message>
    <message>
        <source>None.</source>
        <translation>Keine.</translation>
    </message>
    <message>
        <source>Show this connection</source>
        <translation>Diese Verbindung zeigen</translation>
    </message>
    <message>
        <source>Connection {0}</source>
        <translation>Verbindung {0}</translation>
    </message>
    <message>
        <source>and {0} more</source>
        <translation>und {0} weitere</translation>
    </message>
    <message>
        <source>Drop what comes here</source>
        <translation>Wegwerfen, was hier ankommt</translation>
    </message>
    <message>
        <source>Drop what comes to {0}</source>
        <translation>Wegwerfen, was bei {0} ankommt</translation>
    </message>
    <message>
        <source>what is dropped</source>
        <translation>was weggeworfen wird</translation>
    </message>
</context>
<context>
    <name>Preferences</name>
    <message>
        <source>Canvas</source>
        <translation>Zeichenfläche</translation>
    </message>
    <message>
        <source>Panels</source>
        <translation>Bereiche</translation>
    </message>
    <message>
        <source>Flow database</source>
        <translation>Datenbank der Abläufe</translation>
    </message>
    <message>
        <source>Every edit is saved here at once. Another one is named by database_url in the file below.</source>
        <translation>Jede Änderung wird sofort hier gespeichert. Eine andere nennt database_url in der Datei unten.</translation>
    </message>
    <message>
        <source>Folder of flows</source>
        <translation>Ordner der Abläufe</translation>
    </message>
    <message>
        <source>Copies of examples, and the files of flows that came from no file.</source>
        <translation>Kopien der Beispiele und die Dateien von Abläufen, die aus keiner Datei kamen.</translation>
    </message>
    <message>
        <source>Settings of this machine</source>
        <translation>Einstellungen dieses Rechners</translation>
    </message>
    <message>
        <source>Read by the command line, too: database_url, workspace, theme.</source>
        <translation>Auch von der Befehlszeile gelesen: database_url, workspace, theme.</translation>
    </message>
    <message>
        <source>These settings</source>
        <translation>Diese Einstellungen</translation>
    </message>
    <message>
        <source>What is chosen in this dialog.</source>
        <translation>Was in diesem Dialog gewählt wird.</translation>
    </message>
    <message>
        <source>kept nowhere</source>
        <translation>nirgends aufgehoben</translation>
    </message>
    <message>
        <source>Workspace</source>
        <translation>Arbeitsbereich</translation>
    </message>
    <message>
        <source>Messages that wait, and what flows remember. Another one is named by workspace in settings.toml.</source>
        <translation>Nachrichten, die warten, und was sich Abläufe merken. Einen anderen nennt workspace in settings.toml.</translation>
    </message>
    <message>
        <source>Logs</source>
        <translation>Protokolle</translation>
    </message>
    <message>
        <source>The newest lines of each flow are kept; older ones make room.</source>
        <translation>Die neuesten Zeilen jedes Ablaufs bleiben; ältere machen Platz.</translation>
    </message>
    <message>
        <source>{} MB for each flow</source>
        <translation>{} MB für jeden Ablauf</translation>
    </message>
</context>
<context>
    <name>ProbeList</name>
    <message>
        <source>Broker</source>
        <translation>Broker</translation>
    </message>
    <message>
        <source>Bus</source>
        <translation>Bus</translation>
    </message>
    <message>
        <source>Database</source>
        <translation>Datenbank</translation>
    </message>
    <message>
        <source>Results</source>
        <translation>Ergebnisse</translation>
    </message>
    <message>
        <source>asked …</source>
        <translation>wird gefragt …</translation>
    </message>
    <message>
        <source>are kept in the database</source>
        <translation>liegen in der Datenbank</translation>
    </message>
    <message>
        <source>answers</source>
        <translation>antwortet</translation>
    </message>
</context>
<context>
    <name>ProblemModel</name>
    <message>
        <source>Where</source>
        <translation>Wo</translation>
    </message>
    <message>
        <source>Problem</source>
        <translation>Problem</translation>
    </message>
</context>
<context>
    <name>ProblemTable</name>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
</context>
<context>
    <name>Problems</name>
    <message>
        <source>Problems</source>
        <translation>Probleme</translation>
    </message>
    <message>
        <source>Problems of the flow</source>
        <translation>Probleme des Ablaufs</translation>
    </message>
    <message>
        <source>No flow is open.</source>
        <translation>Kein Ablauf ist offen.</translation>
    </message>
    <message>
        <source>No problems. This flow can run.</source>
        <translation>Keine Probleme. Dieser Ablauf kann laufen.</translation>
    </message>
</context>
<context>
    <name>QueueCommands</name>
    <message>
        <source>Release messages</source>
        <translation>Nachrichten freigeben</translation>
    </message>
    <message>
        <source>How many:</source>
        <translation>Wie viele:</translation>
    </message>
</context>
<context>
    <name>QueueDialog</name>
    <message>
        <source>Queue {}</source>
        <translation>Warteschlange {}</translation>
    </message>
    <message>
        <source>Messages</source>
        <translation>Nachrichten</translation>
    </message>
    <message>
        <source>Content</source>
        <translation>Inhalt</translation>
    </message>
    <message>
        <source>Attributes</source>
        <translation>Attribute</translation>
    </message>
    <message>
        <source>Age</source>
        <translation>Alter</translation>
    </message>
    <message>
        <source>Tries</source>
        <translation>Versuche</translation>
    </message>
    <message>
        <source>Show more</source>
        <translation>Mehr zeigen</translation>
    </message>
    <message>
        <source>Refresh</source>
        <translation>Neu laden</translation>
    </message>
    <message>
        <source>Edit …</source>
        <translation>Bearbeiten …</translation>
    </message>
    <message>
        <source>Provenance …</source>
        <translation>Herkunft …</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Noch einmal versuchen</translation>
    </message>
    <message>
        <source>Empty the queue …</source>
        <translation>Warteschlange leeren …</translation>
    </message>
    <message>
        <source>, and more</source>
        <translation> und mehr</translation>
    </message>
    <message>
        <source>The queue is empty.</source>
        <translation>Die Warteschlange ist leer.</translation>
    </message>
    <message>
        <source>The message is changed.</source>
        <translation>Die Nachricht ist geändert.</translation>
    </message>
    <message>
        <source>Delete the message that waits in {}?</source>
        <translation>Die Nachricht löschen, die in {} wartet?</translation>
    </message>
    <message>
        <source>Delete the {} messages that wait in {}?</source>
        <translation>Die {} Nachrichten löschen, die in {} warten?</translation>
    </message>
    <message>
        <source>They are gone for good. Messages that are being worked on stay.</source>
        <translation>Sie sind endgültig fort. Nachrichten, an denen gearbeitet wird, bleiben.</translation>
    </message>
    <message>
        <source>1 message</source>
        <translation>1 Nachricht</translation>
    </message>
    <message>
        <source>{} messages</source>
        <translation>{} Nachrichten</translation>
    </message>
    <message>
        <source>Deleted: {}</source>
        <translation>Gelöscht: {}</translation>
    </message>
    <message>
        <source>Given another try: {}</source>
        <translation>Noch einmal versucht: {}</translation>
    </message>
</context>
<context>
    <name>QueueSampleDialog</name>
    <message>
        <source>A message for {}</source>
        <translation>Eine Nachricht für {}</translation>
    </message>
    <message>
        <source>Queue</source>
        <translation>Warteschlange</translation>
    </message>
    <message>
        <source>Content</source>
        <translation>Inhalt</translation>
    </message>
    <message>
        <source>Attributes</source>
        <translation>Attribute</translation>
    </message>
    <message>
        <source>Messages</source>
        <translation>Nachrichten</translation>
    </message>
    <message>
        <source>Refresh</source>
        <translation>Aktualisieren</translation>
    </message>
    <message>
        <source>Use as sample</source>
        <translation>Als Probe nehmen</translation>
    </message>
    <message>
        <source>1 message; it stays where it is</source>
        <translation>1 Nachricht; sie bleibt, wo sie ist</translation>
    </message>
    <message>
        <source>{} messages; they stay where they are</source>
        <translation>{} Nachrichten; sie bleiben, wo sie sind</translation>
    </message>
    <message>
        <source>Nothing waits in front of {}, and nothing has failed in it.</source>
        <translation>Vor {} wartet nichts, und nichts ist darin gescheitert.</translation>
    </message>
</context>
<context>
    <name>QuickFix</name>
    <message>
        <source>Fix all {} problems that can be fixed</source>
        <translation>Alle {} behebbaren Probleme beheben</translation>
    </message>
</context>
<context>
    <name>RecentMenu</name>
    <message>
        <source>Open &amp;Recent</source>
        <translation>&amp;Zuletzt geöffnet</translation>
    </message>
    <message>
        <source>its file is gone: {}</source>
        <translation>seine Datei ist weg: {}</translation>
    </message>
    <message>
        <source>the file {} is gone, and the flow was deleted</source>
        <translation>die Datei {} ist weg, und der Fluss wurde gelöscht</translation>
    </message>
    <message>
        <source>it was deleted</source>
        <translation>er wurde gelöscht</translation>
    </message>
    <message>
        <source>{name} ({reason})</source>
        <translation>{name} ({reason})</translation>
    </message>
    <message>
        <source>Nothing was opened yet</source>
        <translation>Noch nichts geöffnet</translation>
    </message>
    <message>
        <source>&amp;Clear This List</source>
        <translation>Diese Liste &amp;leeren</translation>
    </message>
</context>
<context>
    <name>ReportDialog</name>
    <message>
        <source>Report</source>
        <translation>Bericht</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Save Report …</source>
        <translation>Bericht speichern …</translation>
    </message>
    <message>
        <source>Go On</source>
        <translation>Weiter</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>The report is on the clipboard.</source>
        <translation>Der Bericht ist in der Zwischenablage.</translation>
    </message>
    <message>
        <source>Save the report</source>
        <translation>Bericht speichern</translation>
    </message>
    <message>
        <source>Not saved ({}); choose another place.</source>
        <translation>Nicht gespeichert ({}); bitte einen anderen Ort wählen.</translation>
    </message>
    <message>
        <source>Saved to {}</source>
        <translation>Gespeichert in {}</translation>
    </message>
</context>
<context>
    <name>ResultsPanel</name>
    <message>
        <source>Results</source>
        <translation>Ergebnisse</translation>
    </message>
    <message>
        <source>Files</source>
        <translation>Dateien</translation>
    </message>
    <message>
        <source>Processor</source>
        <translation>Prozessor</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Changed</source>
        <translation>Geändert</translation>
    </message>
    <message>
        <source>First lines of the file</source>
        <translation>Erste Zeilen der Datei</translation>
    </message>
    <message>
        <source>Nothing in this flow writes files. Add “Write lines” or another sink to keep results.</source>
        <translation>Nichts in diesem Ablauf schreibt Dateien. Fügen Sie „Zeilen schreiben“ oder eine andere Senke hinzu, um Ergebnisse zu behalten.</translation>
    </message>
    <message>
        <source>Open the folder</source>
        <translation>Ordner öffnen</translation>
    </message>
    <message>
        <source>not yet</source>
        <translation>noch nicht</translation>
    </message>
    <message>
        <source>1 file</source>
        <translation>1 Datei</translation>
    </message>
    <message>
        <source>{} files</source>
        <translation>{} Dateien</translation>
    </message>
    <message>
        <source>1 line</source>
        <translation>1 Zeile</translation>
    </message>
    <message>
        <source>{} lines</source>
        <translation>{} Zeilen</translation>
    </message>
    <message>
        <source>The first {}</source>
        <translation>Die ersten {}</translation>
    </message>
</context>
<context>
    <name>Row</name>
    <message>
        <source>name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Name {0} of {1}</source>
        <translation>Name {0} von {1}</translation>
    </message>
    <message>
        <source>Value {0} of {1}</source>
        <translation>Wert {0} von {1}</translation>
    </message>
    <message>
        <source>Remove (Ctrl+Delete)</source>
        <translation>Entfernen (Strg+Entf)</translation>
    </message>
    <message>
        <source>Remove row {0} of {1}</source>
        <translation>Zeile {0} von {1} entfernen</translation>
    </message>
</context>
<context>
    <name>RowsEditor</name>
    <message>
        <source>Add</source>
        <translation>Hinzufügen</translation>
    </message>
    <message>
        <source>Add to {0}</source>
        <translation>Zu {0} hinzufügen</translation>
    </message>
    <message>
        <source>has a row without a name</source>
        <translation>hat eine Zeile ohne Namen</translation>
    </message>
    <message>
        <source>has &apos;{0}&apos; twice</source>
        <translation>hat „{0}“ zweimal</translation>
    </message>
    <message>
        <source>Default: {0}</source>
        <translation>Vorgabe: {0}</translation>
    </message>
    <message>
        <source>None</source>
        <translation>Nichts</translation>
    </message>
</context>
<context>
    <name>Sample</name>
    <message>
        <source>text</source>
        <translation>Text</translation>
    </message>
    <message>
        <source>JSON object</source>
        <translation>JSON-Objekt</translation>
    </message>
    <message>
        <source>JSON list</source>
        <translation>JSON-Liste</translation>
    </message>
    <message>
        <source>JSON text</source>
        <translation>JSON-Text</translation>
    </message>
    <message>
        <source>JSON value</source>
        <translation>JSON-Wert</translation>
    </message>
</context>
<context>
    <name>SampleBox</name>
    <message>
        <source>Sample</source>
        <translation>Probe</translation>
    </message>
    <message>
        <source>Content of a message: JSON, or any text</source>
        <translation>Inhalt einer Nachricht: JSON oder beliebiger Text</translation>
    </message>
    <message>
        <source>Take the sample from elsewhere</source>
        <translation>Die Probe von anderswo nehmen</translation>
    </message>
    <message>
        <source>bytes</source>
        <translation>Bytes</translation>
    </message>
    <message>
        <source>{0}: {1} bytes</source>
        <translation>{0}: {1} Bytes</translation>
    </message>
    <message>
        <source>1 attribute</source>
        <translation>1 Attribut</translation>
    </message>
    <message>
        <source>{} attributes</source>
        <translation>{} Attribute</translation>
    </message>
    <message>
        <source>From the queue …</source>
        <translation>Aus der Warteschlange …</translation>
    </message>
    <message>
        <source>From a file …</source>
        <translation>Aus einer Datei …</translation>
    </message>
    <message>
        <source>Attributes …</source>
        <translation>Attribute …</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>Leeren</translation>
    </message>
    <message>
        <source>A file as the sample</source>
        <translation>Eine Datei als Probe</translation>
    </message>
    <message>
        <source>reads {0} …</source>
        <translation>liest {0} …</translation>
    </message>
    <message>
        <source>{0} has more than {1} MB; take a shorter file as the sample</source>
        <translation>{0} hat mehr als {1} MB; nehmen Sie eine kürzere Datei als Probe</translation>
    </message>
    <message>
        <source>{0} cannot be read: {1}</source>
        <translation>{0} lässt sich nicht lesen: {1}</translation>
    </message>
    <message>
        <source>Attributes of the sample</source>
        <translation>Attribute der Probe</translation>
    </message>
    <message>
        <source>One a line: name = value</source>
        <translation>Je Zeile eines: Name = Wert</translation>
    </message>
    <message>
        <source>it is no file</source>
        <translation>es ist keine Datei</translation>
    </message>
</context>
<context>
    <name>ScheduleEditor</name>
    <message>
        <source>By default</source>
        <translation>Wie vorgegeben</translation>
    </message>
    <message>
        <source>Every</source>
        <translation>Alle</translation>
    </message>
    <message>
        <source>At times (cron)</source>
        <translation>Zu Zeiten (cron)</translation>
    </message>
    <message>
        <source>Once</source>
        <translation>Einmal</translation>
    </message>
</context>
<context>
    <name>SettingsDialog</name>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>No setting has these words.</source>
        <translation>Keine Einstellung hat diese Wörter.</translation>
    </message>
    <message>
        <source>Restore Defaults</source>
        <translation>Vorgaben wiederherstellen</translation>
    </message>
    <message>
        <source>Search the settings</source>
        <translation>Einstellungen durchsuchen</translation>
    </message>
    <message>
        <source>Pages</source>
        <translation>Seiten</translation>
    </message>
    <message>
        <source>Everything on this page as at first</source>
        <translation>Alles auf dieser Seite wie am Anfang</translation>
    </message>
</context>
<context>
    <name>Shelf</name>
    <message>
        <source>The last edits had not been saved when PYFI ended. They are here again, and are saved now.</source>
        <translation>Die letzten Änderungen waren nicht gespeichert, als PYFI endete. Sie sind wieder da und werden jetzt gespeichert.</translation>
    </message>
    <message>
        <source>{} was changed outside PYFI, and so was the flow here: both were kept. This is the file&apos;s content.</source>
        <translation>{} wurde außerhalb von PYFI geändert, und der Ablauf hier auch: Beides wurde behalten. Dies ist der Inhalt der Datei.</translation>
    </message>
</context>
<context>
    <name>ShortcutPage</name>
    <message>
        <source>Shortcuts</source>
        <translation>Tastenkürzel</translation>
    </message>
    <message>
        <source>No keys</source>
        <translation>Keine Tasten</translation>
    </message>
    <message>
        <source>Have no keys do this</source>
        <translation>Dies soll keine Tasten haben</translation>
    </message>
    <message>
        <source>Usual keys</source>
        <translation>Übliche Tasten</translation>
    </message>
    <message>
        <source>Give it the keys that it has at first</source>
        <translation>Ihm die Tasten geben, die es am Anfang hat</translation>
    </message>
    <message>
        <source>Actions and their keys</source>
        <translation>Aktionen und ihre Tasten</translation>
    </message>
    <message>
        <source>Action</source>
        <translation>Aktion</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Tasten</translation>
    </message>
    <message>
        <source>Conflict</source>
        <translation>Konflikt</translation>
    </message>
    <message>
        <source>Take them from there</source>
        <translation>Dort wegnehmen</translation>
    </message>
    <message>
        <source>Leave them</source>
        <translation>Dort lassen</translation>
    </message>
    <message>
        <source>also: {}</source>
        <translation>auch: {}</translation>
    </message>
    <message>
        <source>fixed</source>
        <translation>fest</translation>
    </message>
    <message>
        <source>yours</source>
        <translation>Ihre</translation>
    </message>
    <message>
        <source>{}: these keys stay as they are.</source>
        <translation>{}: Diese Tasten bleiben, wie sie sind.</translation>
    </message>
    <message>
        <source>{keys} belongs to “{names}”.</source>
        <translation>{keys} gehört zu „{names}“.</translation>
    </message>
</context>
<context>
    <name>SideBySide</name>
    <message>
        <source>Before</source>
        <translation>Vorher</translation>
    </message>
    <message>
        <source>After</source>
        <translation>Nachher</translation>
    </message>
</context>
<context>
    <name>Sides</name>
    <message>
        <source>&apos;{}&apos; is debugged already; give it back first</source>
        <translation>„{}“ wird schon debuggt; zuerst zurückgeben</translation>
    </message>
    <message>
        <source>Only Python that stands in the flow can be debugged here</source>
        <translation>Nur Python, das im Ablauf steht, kann hier debuggt werden</translation>
    </message>
</context>
<context>
    <name>SourceCommands</name>
    <message>
        <source>Select a processor with code of your own.</source>
        <translation>Wählen Sie einen Prozessor mit eigenem Code.</translation>
    </message>
    <message>
        <source>Take the code of &apos;{0}&apos; from git</source>
        <translation>Code von „{0}“ aus Git nehmen</translation>
    </message>
    <message>
        <source>The flow has no file; save it to one in a git repository first.</source>
        <translation>Der Ablauf hat keine Datei; speichern Sie ihn erst in eine, die in einem Git-Repository liegt.</translation>
    </message>
    <message>
        <source>This needs git, which is not there: install git, then try again.</source>
        <translation>Das braucht git, und das fehlt: Installieren Sie git und versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>Take the file from git</source>
        <translation>Datei aus Git nehmen</translation>
    </message>
    <message>
        <source>{0} was closed before it was written; open it and do it again.</source>
        <translation>{0} wurde geschlossen, bevor es geschrieben war; öffnen Sie es und tun Sie es noch einmal.</translation>
    </message>
</context>
<context>
    <name>SourceDialog</name>
    <message>
        <source>Definition of {}</source>
        <translation>Definition von {}</translation>
    </message>
    <message>
        <source>The file cannot be read: {}</source>
        <translation>Die Datei kann nicht gelesen werden: {}</translation>
    </message>
</context>
<context>
    <name>StateDialog</name>
    <message>
        <source>State of {}</source>
        <translation>Zustand von {}</translation>
    </message>
    <message>
        <source>Rows</source>
        <translation>Zeilen</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>Schlüssel</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Wert</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>Typ</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Refresh</source>
        <translation>Neu laden</translation>
    </message>
    <message>
        <source>Clear state …</source>
        <translation>Zustand löschen …</translation>
    </message>
    <message>
        <source>It has made 1 message since it began.</source>
        <translation>Seit dem Beginn hat es 1 Nachricht gemacht.</translation>
    </message>
    <message>
        <source>It has made {} messages since it began.</source>
        <translation>Seit dem Beginn hat es {} Nachrichten gemacht.</translation>
    </message>
    <message>
        <source>It keeps nothing.</source>
        <translation>Es hebt nichts auf.</translation>
    </message>
    <message>
        <source>The first {} rows</source>
        <translation>Die ersten {} Zeilen</translation>
    </message>
    <message>
        <source>1 row</source>
        <translation>1 Zeile</translation>
    </message>
    <message>
        <source>{} rows</source>
        <translation>{} Zeilen</translation>
    </message>
    <message>
        <source>Have {} forget all that it keeps?</source>
        <translation>Soll {} alles vergessen, was es aufhebt?</translation>
    </message>
    <message>
        <source>It must be stopped. A source begins anew; what a merge or join has waiting is gone.</source>
        <translation>Es muss angehalten sein. Eine Quelle beginnt von vorn; was beim Sammeln oder Zusammenführen wartet, ist fort.</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>Löschen</translation>
    </message>
    <message>
        <source>1 row forgotten</source>
        <translation>1 Zeile vergessen</translation>
    </message>
    <message>
        <source>{} rows forgotten</source>
        <translation>{} Zeilen vergessen</translation>
    </message>
</context>
<context>
    <name>StatusStrip</name>
    <message>
        <source>Status</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>Queued messages</source>
        <translation>Wartende Nachrichten</translation>
    </message>
    <message>
        <source>Tasks under way</source>
        <translation>Aufgaben in Arbeit</translation>
    </message>
    <message>
        <source>Running processors</source>
        <translation>Laufende Prozessoren</translation>
    </message>
    <message>
        <source>Processors that have done all their work</source>
        <translation>Prozessoren, die alle Arbeit getan haben</translation>
    </message>
    <message>
        <source>Stopped processors</source>
        <translation>Angehaltene Prozessoren</translation>
    </message>
    <message>
        <source>Invalid processors, and those that cannot run</source>
        <translation>Ungültige Prozessoren, und solche, die nicht laufen können</translation>
    </message>
    <message>
        <source>Target: where the flow runs</source>
        <translation>Ziel: wo der Ablauf läuft</translation>
    </message>
    <message>
        <source>local</source>
        <translation>lokal</translation>
    </message>
    <message>
        <source>Disabled processors</source>
        <translation>Ausgeschaltete Prozessoren</translation>
    </message>
    <message>
        <source>Bulletins of the last five minutes</source>
        <translation>Meldungen der letzten fünf Minuten</translation>
    </message>
</context>
<context>
    <name>Store</name>
    <message>
        <source>{}: &apos;{}&apos; is not right and was left as usual; choose it again in the settings.</source>
        <translation>{}: „{}“ stimmt nicht und blieb wie üblich; wählen Sie es noch einmal in den Einstellungen.</translation>
    </message>
    <message>
        <source>{} cannot be read as settings, nor put aside ({}); delete it to choose again.</source>
        <translation>{} kann nicht als Einstellungen gelesen und nicht beiseite gelegt werden ({}); löschen Sie die Datei, um noch einmal zu wählen.</translation>
    </message>
    <message>
        <source>The settings could not be read and are as at first; the file is kept as {}.</source>
        <translation>Die Einstellungen konnten nicht gelesen werden und sind wie am Anfang; die Datei ist als {} aufgehoben.</translation>
    </message>
    <message>
        <source>The settings hold until you quit: {} cannot be written; check its permissions and the disk.</source>
        <translation>Die Einstellungen gelten bis zum Beenden: {} kann nicht geschrieben werden; prüfen Sie die Rechte und den Datenträger.</translation>
    </message>
</context>
<context>
    <name>StoredCommands</name>
    <message>
        <source>Delete “{}”?</source>
        <translation>„{}“ löschen?</translation>
    </message>
    <message>
        <source>The flow, its history and what waits in its queues are deleted for good. A file that it came from stays.</source>
        <translation>Der Ablauf, sein Verlauf und was in seinen Warteschlangen wartet, werden endgültig gelöscht. Eine Datei, aus der er kam, bleibt.</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Löschen</translation>
    </message>
    <message>
        <source>“{}” runs; stop it, then delete it.</source>
        <translation>„{}“ läuft; halten Sie den Ablauf an, dann löschen Sie ihn.</translation>
    </message>
    <message>
        <source>“{}” is deleted.</source>
        <translation>„{}“ ist gelöscht.</translation>
    </message>
</context>
<context>
    <name>TargetBar</name>
    <message>
        <source>Live figures of “{0}” are away, so its database is asked every second: {1}</source>
        <translation>Von „{0}“ kommen keine laufenden Zahlen, daher wird jede Sekunde seine Datenbank gefragt: {1}</translation>
    </message>
    <message>
        <source>&amp;Deploy …</source>
        <translation>&amp;Bereitstellen …</translation>
    </message>
</context>
<context>
    <name>TargetCommands</name>
    <message>
        <source>“{0}” is deployed to “{1}”.</source>
        <translation>„{0}“ ist auf „{1}“ bereitgestellt.</translation>
    </message>
    <message>
        <source>Take “{0}” away from “{1}”?</source>
        <translation>„{0}“ von „{1}“ entfernen?</translation>
    </message>
    <message>
        <source>Messages that wait there ({}), dead letters, state and positions are gone for good. The flow stays here.</source>
        <translation>Nachrichten, die dort warten ({}), unzustellbare Nachrichten, Zustand und Positionen gehen endgültig verloren. Der Flow bleibt hier.</translation>
    </message>
    <message>
        <source>Undeploy</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Scale {}</source>
        <translation>{} skalieren</translation>
    </message>
    <message>
        <source>Workers that run “{}”, with what is fused to it:</source>
        <translation>Worker, die „{}“ ausführen, mit allem, was damit verschmolzen ist:</translation>
    </message>
</context>
<context>
    <name>TargetForm</name>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>What you call it here and on the command line.</source>
        <translation>Wie Sie es hier und auf der Befehlszeile nennen.</translation>
    </message>
    <message>
        <source>Broker</source>
        <translation>Broker</translation>
    </message>
    <message>
        <source>RabbitMQ (amqp://), Redis (redis://) or Amazon SQS (sqs://): tells workers that there is work.</source>
        <translation>RabbitMQ (amqp://), Redis (redis://) oder Amazon SQS (sqs://): sagt Workern, dass es Arbeit gibt.</translation>
    </message>
    <message>
        <source>Bus</source>
        <translation>Bus</translation>
    </message>
    <message>
        <source>Redis: carries the live figures and logs to this window.</source>
        <translation>Redis: bringt laufende Zahlen und Protokolle in dieses Fenster.</translation>
    </message>
    <message>
        <source>Database</source>
        <translation>Datenbank</translation>
    </message>
    <message>
        <source>PostgreSQL: keeps flows, and every message until it is worked on.</source>
        <translation>PostgreSQL: bewahrt Flows auf und jede Nachricht, bis sie verarbeitet ist.</translation>
    </message>
    <message>
        <source>Results</source>
        <translation>Ergebnisse</translation>
    </message>
    <message>
        <source>the database</source>
        <translation>die Datenbank</translation>
    </message>
    <message>
        <source>Where results of calls are kept: postgresql://, redis:// or s3://. Left empty: in the database.</source>
        <translation>Wo Ergebnisse von Aufrufen liegen: postgresql://, redis:// oder s3://. Leer: in der Datenbank.</translation>
    </message>
    <message>
        <source>Shared folders</source>
        <translation>Gemeinsame Ordner</translation>
    </message>
    <message>
        <source>Folders that every node has in the same place, with a comma between them: files in them run anywhere.</source>
        <translation>Ordner, die jeder Knoten am selben Ort hat, durch Kommas getrennt: Dateien darin sind überall da.</translation>
    </message>
    <message>
        <source>Classic</source>
        <translation>Klassisch</translation>
    </message>
    <message>
        <source>Quorum (replicated)</source>
        <translation>Quorum (repliziert)</translation>
    </message>
    <message>
        <source>Queues of RabbitMQ</source>
        <translation>Warteschlangen von RabbitMQ</translation>
    </message>
    <message>
        <source>What RabbitMQ&apos;s queues are; other brokers have only one kind.</source>
        <translation>Welcher Art die Warteschlangen von RabbitMQ sind; andere Broker haben nur eine.</translation>
    </message>
    <message>
        <source>RabbitMQ queues</source>
        <translation>RabbitMQ-Schlangen</translation>
    </message>
    <message>
        <source>A target needs a name.</source>
        <translation>Ein Ziel braucht einen Namen.</translation>
    </message>
    <message>
        <source>“{}” must be an absolute path.</source>
        <translation>„{}“ muss ein absoluter Pfad sein.</translation>
    </message>
    <message>
        <source>Name its server.</source>
        <translation>Nennen Sie seinen Server.</translation>
    </message>
    <message>
        <source>It {}.</source>
        <translation>Fehler: {}.</translation>
    </message>
</context>
<context>
    <name>TargetSelector</name>
    <message>
        <source>local</source>
        <translation>lokal</translation>
    </message>
    <message>
        <source>Target: {}</source>
        <translation>Ziel: {}</translation>
    </message>
    <message>
        <source>Target: the flow is deployed to “{}”, and its figures are shown</source>
        <translation>Ziel: Der Flow wird auf „{}“ bereitgestellt, und dessen Zahlen werden gezeigt</translation>
    </message>
    <message>
        <source>Target: the flow runs on this machine</source>
        <translation>Ziel: Der Flow läuft auf diesem Rechner</translation>
    </message>
    <message>
        <source>Manage Targets …</source>
        <translation>Ziele verwalten …</translation>
    </message>
</context>
<context>
    <name>TargetsDialog</name>
    <message>
        <source>Targets</source>
        <translation>Ziele</translation>
    </message>
    <message>
        <source>New</source>
        <translation>Neu</translation>
    </message>
    <message>
        <source>Delete …</source>
        <translation>Löschen …</translation>
    </message>
    <message>
        <source>Test Connection</source>
        <translation>Verbindung prüfen</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Sichern</translation>
    </message>
    <message>
        <source>Name the servers of a cluster. Agents on its machines are started with the same ones.</source>
        <translation>Nennen Sie die Server eines Clusters. Agenten auf seinen Rechnern werden mit denselben gestartet.</translation>
    </message>
    <message>
        <source>Passwords are kept, and not shown. Type one to change it.</source>
        <translation>Passwörter bleiben erhalten und werden nicht gezeigt. Tippen Sie eines ein, um es zu ändern.</translation>
    </message>
    <message>
        <source>Saved.</source>
        <translation>Gesichert.</translation>
    </message>
    <message>
        <source>Forget the target “{}”?</source>
        <translation>Das Ziel „{}“ vergessen?</translation>
    </message>
    <message>
        <source>What runs there goes on; only its servers and passwords are forgotten here.</source>
        <translation>Was dort läuft, läuft weiter; nur seine Server und Passwörter werden hier vergessen.</translation>
    </message>
    <message>
        <source>Forget</source>
        <translation>Vergessen</translation>
    </message>
</context>
<context>
    <name>TestsPage</name>
    <message>
        <source>Test</source>
        <translation>Test</translation>
    </message>
    <message>
        <source>Sample</source>
        <translation>Probe</translation>
    </message>
    <message>
        <source>Expected</source>
        <translation>Erwartet</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>Ergebnis</translation>
    </message>
    <message>
        <source>Tests</source>
        <translation>Tests</translation>
    </message>
    <message>
        <source>What came otherwise</source>
        <translation>Was anders kam</translation>
    </message>
    <message>
        <source>What a test that failed has made instead appears here</source>
        <translation>Hier erscheint, was ein gescheiterter Test stattdessen ergeben hat</translation>
    </message>
    <message>
        <source>Run all</source>
        <translation>Alle ausführen</translation>
    </message>
    <message>
        <source>Use as sample</source>
        <translation>Als Probe nehmen</translation>
    </message>
    <message>
        <source>Expect what came</source>
        <translation>Erwarten, was kam</translation>
    </message>
    <message>
        <source>What the test has made just now is right, and expected from now on</source>
        <translation>Was der Test eben ergeben hat, ist richtig und wird von nun an erwartet</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Löschen</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>nothing fails</source>
        <translation>nichts scheitert</translation>
    </message>
    <message>
        <source>passed</source>
        <translation>bestanden</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>gescheitert</translation>
    </message>
    <message>
        <source>stopped after {0:g} s</source>
        <translation>nach {0:g} s angehalten</translation>
    </message>
</context>
<context>
    <name>TextPage</name>
    <message>
        <source>the YAML</source>
        <translation>das YAML</translation>
    </message>
</context>
<context>
    <name>Trial</name>
    <message>
        <source>stopped after {0:g} s</source>
        <translation>nach {0:g} s angehalten</translation>
    </message>
    <message>
        <source>cancelled</source>
        <translation>abgebrochen</translation>
    </message>
</context>
<context>
    <name>TrialReport</name>
    <message>
        <source>Logged and printed</source>
        <translation>Protokolliert und ausgegeben</translation>
    </message>
    <message>
        <source>Cancelled</source>
        <translation>Abgebrochen</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>Fehlgeschlagen</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Fertig</translation>
    </message>
    <message>
        <source>1 message</source>
        <translation>1 Nachricht</translation>
    </message>
    <message>
        <source>{0} messages</source>
        <translation>{0} Nachrichten</translation>
    </message>
    <message>
        <source>the first {0} messages</source>
        <translation>die ersten {0} Nachrichten</translation>
    </message>
    <message>
        <source>line {0}</source>
        <translation>Zeile {0}</translation>
    </message>
    <message>
        <source>… and {0} more</source>
        <translation>… und {0} weitere</translation>
    </message>
</context>
<context>
    <name>Trouble</name>
    <message>
        <source>PYFI ended hard the last time. Your flows are as you left them; the report is {}.</source>
        <translation>PYFI ist beim letzten Mal abgestürzt. Ihre Flüsse sind, wie Sie sie verlassen haben; der Bericht ist {}.</translation>
    </message>
    <message>
        <source>All your edits are saved.</source>
        <translation>Alle Änderungen sind gespeichert.</translation>
    </message>
    <message>
        <source>Your last edits are being saved.</source>
        <translation>Die letzten Änderungen werden gerade gespeichert.</translation>
    </message>
    <message>
        <source>What you did last may not have been done; you can go on.</source>
        <translation>Was Sie zuletzt getan haben, ist vielleicht nicht geschehen; Sie können weiterarbeiten.</translation>
    </message>
    <message>
        <source>The report is kept as {}.</source>
        <translation>Der Bericht liegt in {}.</translation>
    </message>
    <message>
        <source>Something went wrong in PYFI</source>
        <translation>In PYFI ist etwas schiefgegangen</translation>
    </message>
    <message>
        <source>Copy or save this report, and add what you did, what you expected and what happened instead.</source>
        <translation>Kopieren oder speichern Sie diesen Bericht, und ergänzen Sie, was Sie getan und erwartet haben und was stattdessen geschah.</translation>
    </message>
    <message>
        <source>It holds nothing of your flows; nothing is sent anywhere.</source>
        <translation>Er enthält nichts aus Ihren Flüssen; nichts wird irgendwohin gesendet.</translation>
    </message>
    <message>
        <source>Report a problem</source>
        <translation>Problem melden</translation>
    </message>
</context>
<context>
    <name>TryStrip</name>
    <message>
        <source>Result</source>
        <translation>Ergebnis</translation>
    </message>
    <message>
        <source>What comes of it appears here</source>
        <translation>Was daraus wird, erscheint hier</translation>
    </message>
    <message>
        <source>Input</source>
        <translation>Eingang</translation>
    </message>
    <message>
        <source>Keep as test</source>
        <translation>Als Test behalten</translation>
    </message>
    <message>
        <source>Keep the sample as a test of the flow that expects what has just come of it</source>
        <translation>Die Probe als Test des Ablaufs behalten, der erwartet, was eben daraus wurde</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>Ausführen</translation>
    </message>
    <message>
        <source>Run the processor on the sample (Ctrl+Enter). What it does outside is real.</source>
        <translation>Den Prozessor an der Probe ausführen (Strg+Eingabe). Was er außerhalb tut, ist echt.</translation>
    </message>
    <message>
        <source>Debug</source>
        <translation>Debuggen</translation>
    </message>
    <message>
        <source>Run it and stop at the breakpoints: click beside a line (or press F9 in it) to set one. For Python.</source>
        <translation>Ausführen und an den Haltepunkten anhalten: ein Klick neben eine Zeile (oder F9 in ihr) setzt einen. Für Python.</translation>
    </message>
    <message>
        <source>Debug in the flow</source>
        <translation>Im Ablauf debuggen</translation>
    </message>
    <message>
        <source>Debug it in the flow that runs: real messages stop at the breakpoints, and the rest goes on. Once more gives it back.</source>
        <translation>Im laufenden Ablauf debuggen: Echte Nachrichten halten an den Haltepunkten, alles andere läuft weiter. Noch einmal gibt ihn zurück.</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Try it</source>
        <translation>Ausprobieren</translation>
    </message>
    <message>
        <source>Debugger</source>
        <translation>Debugger</translation>
    </message>
    <message>
        <source>Running…</source>
        <translation>Läuft …</translation>
    </message>
    <message>
        <source>every input</source>
        <translation>jeder Eingang</translation>
    </message>
    <message>
        <source>Tests ({0})</source>
        <translation>Tests ({0})</translation>
    </message>
    <message>
        <source>Tests</source>
        <translation>Tests</translation>
    </message>
    <message>
        <source>Tests ({0} of {1} failed)</source>
        <translation>Tests ({0} von {1} gescheitert)</translation>
    </message>
    <message>
        <source>Tests ({0} passed)</source>
        <translation>Tests ({0} bestanden)</translation>
    </message>
    <message>
        <source>a source: it needs no sample</source>
        <translation>eine Quelle: sie braucht keine Probe</translation>
    </message>
</context>
<context>
    <name>UnsavedDialog</name>
    <message>
        <source>Edits are not saved</source>
        <translation>Änderungen sind nicht gespeichert</translation>
    </message>
    <message>
        <source>The last edits of “{}” are not saved: {}.</source>
        <translation>Die letzten Änderungen an „{}“ sind nicht gespeichert: {}.</translation>
    </message>
    <message>
        <source>Save to a File …</source>
        <translation>In eine Datei speichern …</translation>
    </message>
    <message>
        <source>Save the flow to a file to keep them. Closed now, they are lost.</source>
        <translation>Speichern Sie den Fluss in eine Datei, um sie zu behalten. Jetzt geschlossen, sind sie verloren.</translation>
    </message>
    <message>
        <source>Close and Lose Them</source>
        <translation>Schließen und verlieren</translation>
    </message>
    <message>
        <source>They are kept beside the database, and are here the next time. A file keeps them apart from it.</source>
        <translation>Sie werden neben der Datenbank aufbewahrt und sind das nächste Mal wieder da. Eine Datei bewahrt sie unabhängig davon.</translation>
    </message>
    <message>
        <source>Close, and Have Them Next Time</source>
        <translation>Schließen, beim nächsten Mal wieder da</translation>
    </message>
</context>
<context>
    <name>Updates</name>
    <message>
        <source>No address says which PYFI is the newest: set updates_url in settings.toml.</source>
        <translation>Keine Adresse sagt, welches PYFI das neueste ist: updates_url in settings.toml angeben.</translation>
    </message>
    <message>
        <source>PYFI {} is there: {}</source>
        <translation>PYFI {} ist da: {}</translation>
    </message>
</context>
<context>
    <name>ValueEditor</name>
    <message>
        <source>required</source>
        <translation>erforderlich</translation>
    </message>
    <message>
        <source>Understood as {0}</source>
        <translation>Verstanden als {0}</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>nichts</translation>
    </message>
    <message>
        <source>true or false</source>
        <translation>wahr oder falsch</translation>
    </message>
    <message>
        <source>a number</source>
        <translation>eine Zahl</translation>
    </message>
    <message>
        <source>text</source>
        <translation>Text</translation>
    </message>
    <message>
        <source>a list of {0}</source>
        <translation>eine Liste von {0}</translation>
    </message>
    <message>
        <source>a mapping</source>
        <translation>eine Zuordnung</translation>
    </message>
</context>
<context>
    <name>Welcome</name>
    <message>
        <source>Welcome</source>
        <translation>Willkommen</translation>
    </message>
    <message>
        <source>Draw a flow of your own code, press Run, watch the messages move.</source>
        <translation>Zeichnen Sie einen Ablauf aus eigenem Code, drücken Sie Starten, und sehen Sie den Nachrichten zu.</translation>
    </message>
    <message>
        <source>Examples</source>
        <translation>Beispiele</translation>
    </message>
    <message>
        <source>Recent flows</source>
        <translation>Zuletzt geöffnet</translation>
    </message>
    <message>
        <source>New flow</source>
        <translation>Neuer Ablauf</translation>
    </message>
    <message>
        <source>Open a file …</source>
        <translation>Datei öffnen …</translation>
    </message>
</context>
<context>
    <name>_Delegate</name>
    <message>
        <source>No description.</source>
        <translation>Keine Beschreibung.</translation>
    </message>
</context>
<context>
    <name>actions</name>
    <message>
        <source>&amp;File</source>
        <translation>&amp;Datei</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>&amp;Bearbeiten</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>&amp;Ansicht</translation>
    </message>
    <message>
        <source>F&amp;low</source>
        <translation>Ab&amp;lauf</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>&amp;Hilfe</translation>
    </message>
    <message>
        <source>Cl&amp;uster</source>
        <translation>Cl&amp;uster</translation>
    </message>
    <message>
        <source>Messa&amp;ges and Queues</source>
        <translation>Nach&amp;richten und Warteschlangen</translation>
    </message>
    <message>
        <source>S&amp;ubflow</source>
        <translation>&amp;Teilablauf</translation>
    </message>
    <message>
        <source>A&amp;rrange</source>
        <translation>An&amp;ordnen</translation>
    </message>
    <message>
        <source>&amp;New Flow</source>
        <translation>&amp;Neuer Ablauf</translation>
    </message>
    <message>
        <source>&amp;Open File …</source>
        <translation>Datei &amp;öffnen …</translation>
    </message>
    <message>
        <source>Open &amp;Stored Flow …</source>
        <translation>&amp;Gespeicherten Ablauf öffnen …</translation>
    </message>
    <message>
        <source>&amp;Welcome Page</source>
        <translation>&amp;Willkommensseite</translation>
    </message>
    <message>
        <source>&amp;Save to File</source>
        <translation>In Datei &amp;speichern</translation>
    </message>
    <message>
        <source>Save to File &amp;As …</source>
        <translation>In Datei speichern &amp;unter …</translation>
    </message>
    <message>
        <source>&amp;Close Flow</source>
        <translation>Ablauf s&amp;chließen</translation>
    </message>
    <message>
        <source>Se&amp;ttings …</source>
        <translation>&amp;Einstellungen …</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>&amp;Beenden</translation>
    </message>
    <message>
        <source>Cu&amp;t</source>
        <translation>&amp;Ausschneiden</translation>
    </message>
    <message>
        <source>&amp;Copy</source>
        <translation>&amp;Kopieren</translation>
    </message>
    <message>
        <source>&amp;Paste</source>
        <translation>&amp;Einfügen</translation>
    </message>
    <message>
        <source>&amp;Duplicate</source>
        <translation>&amp;Duplizieren</translation>
    </message>
    <message>
        <source>De&amp;lete</source>
        <translation>&amp;Löschen</translation>
    </message>
    <message>
        <source>Delete and &amp;Reconnect</source>
        <translation>Löschen und &amp;verbinden</translation>
    </message>
    <message>
        <source>Select &amp;All</source>
        <translation>&amp;Alles auswählen</translation>
    </message>
    <message>
        <source>Select &amp;Upstream</source>
        <translation>Auswählen, was &amp;herführt</translation>
    </message>
    <message>
        <source>Select Do&amp;wnstream</source>
        <translation>Auswählen, was &amp;folgt</translation>
    </message>
    <message>
        <source>Add a Par&amp;t …</source>
        <translation>&amp;Teil hinzufügen …</translation>
    </message>
    <message>
        <source>Co&amp;nnect …</source>
        <translation>&amp;Verbinden …</translation>
    </message>
    <message>
        <source>Rena&amp;me …</source>
        <translation>U&amp;mbenennen …</translation>
    </message>
    <message>
        <source>&amp;Write in Place</source>
        <translation>An Ort und Stelle &amp;schreiben</translation>
    </message>
    <message>
        <source>C&amp;olour …</source>
        <translation>Fa&amp;rbe …</translation>
    </message>
    <message>
        <source>Open Conte&amp;xt Menu</source>
        <translation>Konte&amp;xtmenü öffnen</translation>
    </message>
    <message>
        <source>Zoom &amp;In</source>
        <translation>Ver&amp;größern</translation>
    </message>
    <message>
        <source>Zoom &amp;Out</source>
        <translation>Ver&amp;kleinern</translation>
    </message>
    <message>
        <source>&amp;Fit Everything</source>
        <translation>Alles &amp;einpassen</translation>
    </message>
    <message>
        <source>&amp;Centre in View</source>
        <translation>In die &amp;Mitte holen</translation>
    </message>
    <message>
        <source>Fit &amp;Selection</source>
        <translation>&amp;Auswahl einpassen</translation>
    </message>
    <message>
        <source>&amp;Actual Size</source>
        <translation>&amp;Tatsächliche Größe</translation>
    </message>
    <message>
        <source>Go &amp;Back</source>
        <translation>&amp;Zurück</translation>
    </message>
    <message>
        <source>Go &amp;Forward</source>
        <translation>&amp;Vorwärts</translation>
    </message>
    <message>
        <source>&amp;Enter Subflow</source>
        <translation>Teilablauf Teilfluss &amp;betretenbetreten</translation>
    </message>
    <message>
        <source>&amp;Leave Subflow</source>
        <translation>Teilablauf ver&amp;lassen</translation>
    </message>
    <message>
        <source>&amp;Next Panel</source>
        <translation>&amp;Nächster Bereich</translation>
    </message>
    <message>
        <source>Previo&amp;us Panel</source>
        <translation>V&amp;origer Bereich</translation>
    </message>
    <message>
        <source>Search E&amp;verything …</source>
        <translation>Alles durch&amp;suchen …</translation>
    </message>
    <message>
        <source>&amp;Command Palette …</source>
        <translation>&amp;Befehlspalette …</translation>
    </message>
    <message>
        <source>Switch &amp;Theme</source>
        <translation>Farbschema &amp;wechseln</translation>
    </message>
    <message>
        <source>&amp;Run</source>
        <translation>&amp;Starten</translation>
    </message>
    <message>
        <source>&amp;Stop</source>
        <translation>&amp;Anhalten</translation>
    </message>
    <message>
        <source>&amp;Pause</source>
        <translation>&amp;Pause</translation>
    </message>
    <message>
        <source>&amp;Resume</source>
        <translation>&amp;Fortsetzen</translation>
    </message>
    <message>
        <source>&amp;Start What Is Deployed</source>
        <translation>Bereitgestelltes &amp;starten</translation>
    </message>
    <message>
        <source>S&amp;cale …</source>
        <translation>S&amp;kalieren …</translation>
    </message>
    <message>
        <source>&amp;Targets …</source>
        <translation>&amp;Ziele …</translation>
    </message>
    <message>
        <source>&amp;Undeploy …</source>
        <translation>&amp;Entfernen …</translation>
    </message>
    <message>
        <source>Start &amp;Selected</source>
        <translation>Au&amp;swahl starten</translation>
    </message>
    <message>
        <source>Sto&amp;p Selected</source>
        <translation>Auswahl an&amp;halten</translation>
    </message>
    <message>
        <source>Run &amp;Once</source>
        <translation>&amp;Einmal ausführen</translation>
    </message>
    <message>
        <source>&amp;Terminate</source>
        <translation>A&amp;bbrechen</translation>
    </message>
    <message>
        <source>Replay Last Messa&amp;ge</source>
        <translation>Letzte Nachricht w&amp;iederholen</translation>
    </message>
    <message>
        <source>Con&amp;figure …</source>
        <translation>E&amp;instellen …</translation>
    </message>
    <message>
        <source>Flow Settin&amp;gs …</source>
        <translation>Ein&amp;stellungen des Ablaufs …</translation>
    </message>
    <message>
        <source>Edit Co&amp;de</source>
        <translation>&amp;Code bearbeiten</translation>
    </message>
    <message>
        <source>De&amp;bug in the Flow</source>
        <translation>Im Ablauf de&amp;buggen</translation>
    </message>
    <message>
        <source>Code from &amp;Git …</source>
        <translation>Code aus &amp;Git …</translation>
    </message>
    <message>
        <source>Flow in G&amp;it …</source>
        <translation>Ablauf in G&amp;it …</translation>
    </message>
    <message>
        <source>En&amp;vironments …</source>
        <translation>Um&amp;gebungen …</translation>
    </message>
    <message>
        <source>Release One &amp;Message</source>
        <translation>Eine &amp;Nachricht freigeben</translation>
    </message>
    <message>
        <source>Release Some Messages …</source>
        <translation>Einige Nachrichten freigeben …</translation>
    </message>
    <message>
        <source>Release &amp;All Messages</source>
        <translation>A&amp;lle Nachrichten freigeben</translation>
    </message>
    <message>
        <source>List &amp;Queue …</source>
        <translation>&amp;Warteschlange zeigen …</translation>
    </message>
    <message>
        <source>Status &amp;History</source>
        <translation>&amp;Verlauf der Zahlen</translation>
    </message>
    <message>
        <source>Empty Queue …</source>
        <translation>Warteschlange leeren …</translation>
    </message>
    <message>
        <source>Empty All Queues …</source>
        <translation>Alle Warteschlangen leeren …</translation>
    </message>
    <message>
        <source>View Data Provenance …</source>
        <translation>Herkunft der Daten zeigen …</translation>
    </message>
    <message>
        <source>View State …</source>
        <translation>Zustand zeigen …</translation>
    </message>
    <message>
        <source>Clear Bulletins</source>
        <translation>Meldungen löschen</translation>
    </message>
    <message>
        <source>List Dead Le&amp;tters …</source>
        <translation>&amp;Unzustellbares zeigen …</translation>
    </message>
    <message>
        <source>Go to Sour&amp;ce</source>
        <translation>Zur &amp;Quelle gehen</translation>
    </message>
    <message>
        <source>Go to Dest&amp;ination</source>
        <translation>Zum &amp;Ziel gehen</translation>
    </message>
    <message>
        <source>&amp;Enable</source>
        <translation>E&amp;inschalten</translation>
    </message>
    <message>
        <source>&amp;Disable</source>
        <translation>Ausschal&amp;ten</translation>
    </message>
    <message>
        <source>&amp;Wrap into Subflow …</source>
        <translation>In &amp;Teilablauf fassen …</translation>
    </message>
    <message>
        <source>Move to Parent &amp;Group</source>
        <translation>Auf die Ebene &amp;darüber</translation>
    </message>
    <message>
        <source>Download Flow Definit&amp;ion …</source>
        <translation>De&amp;finition herunterladen …</translation>
    </message>
    <message>
        <source>Save as Pa&amp;ttern …</source>
        <translation>Als &amp;Muster speichern …</translation>
    </message>
    <message>
        <source>Dissol&amp;ve Subflow</source>
        <translation>Teilablauf auf&amp;lösen</translation>
    </message>
    <message>
        <source>E&amp;xpand in Place</source>
        <translation>An Ort und Stelle auf&amp;klappen</translation>
    </message>
    <message>
        <source>Colla&amp;pse</source>
        <translation>&amp;Zuklappen</translation>
    </message>
    <message>
        <source>&amp;Lay Out</source>
        <translation>An&amp;ordnen</translation>
    </message>
    <message>
        <source>Bring to Front</source>
        <translation>In den Vordergrund</translation>
    </message>
    <message>
        <source>Send to Back</source>
        <translation>In den Hintergrund</translation>
    </message>
    <message>
        <source>Align Left</source>
        <translation>Links ausrichten</translation>
    </message>
    <message>
        <source>Align Centres</source>
        <translation>Senkrecht mittig ausrichten</translation>
    </message>
    <message>
        <source>Align Right</source>
        <translation>Rechts ausrichten</translation>
    </message>
    <message>
        <source>Align Top</source>
        <translation>Oben ausrichten</translation>
    </message>
    <message>
        <source>Align Middles</source>
        <translation>Waagerecht mittig ausrichten</translation>
    </message>
    <message>
        <source>Align Bottom</source>
        <translation>Unten ausrichten</translation>
    </message>
    <message>
        <source>Distribute Horizontally</source>
        <translation>Waagerecht verteilen</translation>
    </message>
    <message>
        <source>Distribute Vertically</source>
        <translation>Senkrecht verteilen</translation>
    </message>
    <message>
        <source>&amp;Help on What Is Chosen</source>
        <translation>&amp;Hilfe zum Gewählten</translation>
    </message>
    <message>
        <source>View &amp;Documentation</source>
        <translation>&amp;Dokumentation zeigen</translation>
    </message>
    <message>
        <source>&amp;Manual</source>
        <translation>Hand&amp;buch</translation>
    </message>
    <message>
        <source>What&apos;s &amp;This?</source>
        <translation>&amp;Was ist das?</translation>
    </message>
    <message>
        <source>&amp;Explain What I Click</source>
        <translation>&amp;Erklären, was ich anklicke</translation>
    </message>
    <message>
        <source>&amp;Keyboard Shortcuts …</source>
        <translation>&amp;Tastenkürzel …</translation>
    </message>
    <message>
        <source>Show &amp;Log Folder</source>
        <translation>&amp;Protokollordner zeigen</translation>
    </message>
    <message>
        <source>Report a &amp;Problem …</source>
        <translation>P&amp;roblem melden …</translation>
    </message>
    <message>
        <source>&amp;About PYFI</source>
        <translation>&amp;Über PYFI</translation>
    </message>
</context>
<context>
    <name>canvas_keys</name>
    <message>
        <source>Add a part where the pointer is</source>
        <translation>Einen Teil hinzufügen, wo der Zeiger ist</translation>
    </message>
    <message>
        <source>Open what is selected</source>
        <translation>Öffnen, was ausgewählt ist</translation>
    </message>
    <message>
        <source>Deselect, or leave the subflow</source>
        <translation>Auswahl aufheben, oder den Teilablauf verlassen</translation>
    </message>
    <message>
        <source>Hold to move about with the mouse</source>
        <translation>Halten, um mit der Maus zu verschieben</translation>
    </message>
    <message>
        <source>Select several: begin, then add or remove the card in the frame</source>
        <translation>Mehrere auswählen: beginnen, dann die Karte im Rahmen dazunehmen oder herausnehmen</translation>
    </message>
    <message>
        <source>Draw a connection from the selected card</source>
        <translation>Eine Verbindung von der ausgewählten Karte ziehen</translation>
    </message>
    <message>
        <source>Draw a connection to the selected card</source>
        <translation>Eine Verbindung zur ausgewählten Karte ziehen</translation>
    </message>
    <message>
        <source>Select the next connection of the card</source>
        <translation>Die nächste Verbindung der Karte auswählen</translation>
    </message>
    <message>
        <source>Choose the next bend of the selected connection, to move or delete it</source>
        <translation>Den nächsten Knick der gewählten Verbindung wählen, um ihn zu verschieben oder zu löschen</translation>
    </message>
    <message>
        <source>Add a bend to the selected connection</source>
        <translation>Der gewählten Verbindung einen Knick hinzufügen</translation>
    </message>
    <message>
        <source>Make the selected note wider</source>
        <translation>Die gewählte Notiz breiter machen</translation>
    </message>
    <message>
        <source>Make the selected note narrower</source>
        <translation>Die gewählte Notiz schmaler machen</translation>
    </message>
    <message>
        <source>Make the selected note higher</source>
        <translation>Die gewählte Notiz höher machen</translation>
    </message>
    <message>
        <source>Make the selected note lower</source>
        <translation>Die gewählte Notiz niedriger machen</translation>
    </message>
    <message>
        <source>Delete what is selected, as Del does</source>
        <translation>Gewähltes löschen, wie Entf</translation>
    </message>
    <message>
        <source>Go to the next card or note in that direction</source>
        <translation>Zur nächsten Karte oder Notiz in dieser Richtung gehen</translation>
    </message>
    <message>
        <source>Move what is selected: cards, a bend, a connection&apos;s label along its line</source>
        <translation>Gewähltes verschieben: Karten, einen Knick, die Beschriftung einer Verbindung entlang ihrer Linie</translation>
    </message>
    <message>
        <source>Move what is selected by single pixels</source>
        <translation>Um einzelne Punkte verschieben, was ausgewählt ist</translation>
    </message>
</context>
<context>
    <name>charts</name>
    <message>
        <source>messages/s</source>
        <translation>Nachrichten/s</translation>
    </message>
    <message>
        <source>messages</source>
        <translation>Nachrichten</translation>
    </message>
    <message>
        <source>bytes</source>
        <translation>Bytes</translation>
    </message>
    <message>
        <source>bytes/s</source>
        <translation>Bytes/s</translation>
    </message>
    <message>
        <source>In</source>
        <translation>Ein</translation>
    </message>
    <message>
        <source>Out</source>
        <translation>Aus</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>Fehler</translation>
    </message>
    <message>
        <source>Tasks</source>
        <translation>Aufgaben</translation>
    </message>
    <message>
        <source>tasks/s</source>
        <translation>Aufgaben/s</translation>
    </message>
    <message>
        <source>Work time</source>
        <translation>Arbeitszeit</translation>
    </message>
    <message>
        <source>s/s</source>
        <translation>s/s</translation>
    </message>
    <message>
        <source>Passed</source>
        <translation>Durchgelaufen</translation>
    </message>
    <message>
        <source>Queued</source>
        <translation>Wartend</translation>
    </message>
    <message>
        <source>Bytes passed</source>
        <translation>Bytes durchgelaufen</translation>
    </message>
    <message>
        <source>Bytes queued</source>
        <translation>Bytes wartend</translation>
    </message>
    <message>
        <source>5 min</source>
        <translation>5 min</translation>
    </message>
    <message>
        <source>1 h</source>
        <translation>1 h</translation>
    </message>
    <message>
        <source>24 h</source>
        <translation>24 h</translation>
    </message>
    <message>
        <source>All</source>
        <translation>Alles</translation>
    </message>
    <message>
        <source>Whole flow</source>
        <translation>Ganzer Ablauf</translation>
    </message>
</context>
<context>
    <name>examples</name>
    <message>
        <source>Airports</source>
        <translation>Flughäfen</translation>
    </message>
    <message>
        <source>A CSV file through nested subflows with parameters.</source>
        <translation>Eine CSV-Datei durch geschachtelte Teilabläufe mit Parametern.</translation>
    </message>
    <message>
        <source>Earthquakes</source>
        <translation>Erdbeben</translation>
    </message>
    <message>
        <source>Two feeds joined, sorted by strength, with alerts.</source>
        <translation>Zwei Ströme zusammengeführt, nach Stärke sortiert, mit Warnungen.</translation>
    </message>
    <message>
        <source>Code from git</source>
        <translation>Code aus Git</translation>
    </message>
    <message>
        <source>A processor whose code comes from a commit.</source>
        <translation>Ein Prozessor, dessen Code aus einem Commit kommt.</translation>
    </message>
    <message>
        <source>Playback</source>
        <translation>Wiedergabe</translation>
    </message>
    <message>
        <source>A week in half a minute: queues fill, a step fails, results grow.</source>
        <translation>Eine Woche in einer halben Minute: Warteschlangen füllen sich, ein Schritt schlägt fehl, Ergebnisse wachsen.</translation>
    </message>
    <message>
        <source>Three languages</source>
        <translation>Drei Sprachen</translation>
    </message>
    <message>
        <source>Python to Node.js to bash, a year of weather.</source>
        <translation>Von Python über Node.js zu Bash, ein Jahr Wetter.</translation>
    </message>
    <message>
        <source>Web log triage</source>
        <translation>Webprotokoll</translation>
    </message>
    <message>
        <source>Parses a compressed log, sorts errors and slow requests out.</source>
        <translation>Zerlegt ein gepacktes Protokoll und sortiert Fehler und langsame Anfragen heraus.</translation>
    </message>
</context>
<context>
    <name>filter_help</name>
    <message>
        <source>&lt;p&gt;Words that a part holds: in its name, type, notes, settings or code. Or one of&lt;br&gt;&lt;b&gt;disabled, invalid, running, stopped, timer, cron, back pressure, expires&lt;/b&gt;&lt;/p&gt;&lt;p&gt;Before them, filters:&lt;br&gt;&lt;b&gt;scope:here&lt;/b&gt; - what is shown now, and what is inside it&lt;br&gt;&lt;b&gt;group:NAME&lt;/b&gt; - what is in a subflow of that name&lt;br&gt;&lt;b&gt;properties:exclude&lt;/b&gt; - not by settings and code&lt;/p&gt;</source>
        <translation>&lt;p&gt;Wörter, die ein Teil enthält: in Name, Typ, Hinweisen, Einstellungen oder Code. Oder eines von&lt;br&gt;&lt;b&gt;disabled, invalid, running, stopped, timer, cron, back pressure, expires&lt;/b&gt;&lt;/p&gt;&lt;p&gt;Davor Filter:&lt;br&gt;&lt;b&gt;scope:here&lt;/b&gt; – was jetzt gezeigt wird, und was darin ist&lt;br&gt;&lt;b&gt;group:NAME&lt;/b&gt; – was in einem Teilablauf dieses Namens ist&lt;br&gt;&lt;b&gt;properties:exclude&lt;/b&gt; – nicht in Einstellungen und Code&lt;/p&gt;</translation>
    </message>
</context>
<context>
    <name>processors</name>
    <message>
        <source>python</source>
        <translation>python</translation>
    </message>
    <message>
        <source>A function of your own in Python.</source>
        <translation>Eine eigene Funktion in Python.</translation>
    </message>
    <message>
        <source>node</source>
        <translation>node</translation>
    </message>
    <message>
        <source>A function of your own in Node.js.</source>
        <translation>Eine eigene Funktion in Node.js.</translation>
    </message>
    <message>
        <source>bash</source>
        <translation>bash</translation>
    </message>
    <message>
        <source>A script of your own in bash.</source>
        <translation>Ein eigenes Skript in Bash.</translation>
    </message>
    <message>
        <source>Counter</source>
        <translation>Zähler</translation>
    </message>
    <message>
        <source>Counts messages, in all or by the value of an expression, and passes them on.</source>
        <translation>Zählt Nachrichten, alle oder nach dem Wert eines Ausdrucks, und reicht sie weiter.</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>Schlüssel</translation>
    </message>
    <message>
        <source>Python expression; messages are counted by its value.</source>
        <translation>Python-Ausdruck; Nachrichten werden nach seinem Wert gezählt.</translation>
    </message>
    <message>
        <source>Every</source>
        <translation>Alle</translation>
    </message>
    <message>
        <source>How often to send the counts while messages come, such as 10s; 0: only when the run ends.</source>
        <translation>Wie oft die Zahlen gesendet werden, solange Nachrichten kommen, etwa 10s; 0: erst, wenn der Lauf endet.</translation>
    </message>
    <message>
        <source>Reset</source>
        <translation>Zurücksetzen</translation>
    </message>
    <message>
        <source>Begin again at zero whenever the counts were sent.</source>
        <translation>Wieder bei null beginnen, wenn die Zahlen gesendet wurden.</translation>
    </message>
    <message>
        <source>Deduplicate</source>
        <translation>Doppelte entfernen</translation>
    </message>
    <message>
        <source>Lets the first message of each key pass.</source>
        <translation>Lässt die erste Nachricht jedes Schlüssels durch.</translation>
    </message>
    <message>
        <source>Python expression; messages with equal values are duplicates.</source>
        <translation>Python-Ausdruck; Nachrichten mit gleichen Werten sind doppelt.</translation>
    </message>
    <message>
        <source>Count</source>
        <translation>Anzahl</translation>
    </message>
    <message>
        <source>Keys to remember at most; the oldest are forgotten first.</source>
        <translation>Wie viele Schlüssel höchstens gemerkt werden; die ältesten werden zuerst vergessen.</translation>
    </message>
    <message>
        <source>Age</source>
        <translation>Alter</translation>
    </message>
    <message>
        <source>How long a key is remembered, such as 1h; 0: until `count` is reached.</source>
        <translation>Wie lange ein Schlüssel gemerkt wird, etwa 1h; 0: bis `count` erreicht ist.</translation>
    </message>
    <message>
        <source>Delay</source>
        <translation>Verzögern</translation>
    </message>
    <message>
        <source>Holds every message back for a time.</source>
        <translation>Hält jede Nachricht eine Zeit lang zurück.</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>How long each message waits after it has come, such as 30s.</source>
        <translation>Wie lange jede Nachricht wartet, nachdem sie gekommen ist, etwa 30s.</translation>
    </message>
    <message>
        <source>Filter</source>
        <translation>Filter</translation>
    </message>
    <message>
        <source>Lets messages pass for which an expression holds.</source>
        <translation>Lässt Nachrichten durch, für die ein Ausdruck gilt.</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>Behalten</translation>
    </message>
    <message>
        <source>Python expression over content, attributes and params; what it holds for, passes.</source>
        <translation>Python-Ausdruck über content, attributes und params; wofür er gilt, das kommt durch.</translation>
    </message>
    <message>
        <source>Dropped</source>
        <translation>Verworfene</translation>
    </message>
    <message>
        <source>Give the other messages an output, `dropped`, instead of letting them go.</source>
        <translation>Den anderen Nachrichten einen Ausgang `dropped` geben, statt sie wegzuwerfen.</translation>
    </message>
    <message>
        <source>Funnel</source>
        <translation>Trichter</translation>
    </message>
    <message>
        <source>Brings many connections together into one; messages pass as they are.</source>
        <translation>Führt viele Verbindungen zu einer zusammen; Nachrichten gehen unverändert durch.</translation>
    </message>
    <message>
        <source>Generate</source>
        <translation>Erzeugen</translation>
    </message>
    <message>
        <source>Makes messages from a template, a fixed number or at a rate.</source>
        <translation>Macht Nachrichten aus einer Vorlage, eine feste Zahl oder in einem Takt.</translation>
    </message>
    <message>
        <source>How many messages to make each time it runs; 0: without end.</source>
        <translation>Wie viele Nachrichten jedes Mal gemacht werden; 0: ohne Ende.</translation>
    </message>
    <message>
        <source>Content</source>
        <translation>Inhalt</translation>
    </message>
    <message>
        <source>The content of every message. In texts, {n} becomes its number, {uuid} a new UUID, {time} the time.</source>
        <translation>Der Inhalt jeder Nachricht. In Texten wird {n} zu ihrer Nummer, {uuid} zu einer neuen UUID, {time} zur Zeit.</translation>
    </message>
    <message>
        <source>Rate</source>
        <translation>Takt</translation>
    </message>
    <message>
        <source>Messages per second; 0: as fast as the flow takes them.</source>
        <translation>Nachrichten in der Sekunde; 0: so schnell, wie der Ablauf sie nimmt.</translation>
    </message>
    <message>
        <source>Attributes</source>
        <translation>Attribute</translation>
    </message>
    <message>
        <source>Attributes of every message, with the same places.</source>
        <translation>Attribute jeder Nachricht, mit denselben Platzhaltern.</translation>
    </message>
    <message>
        <source>HTTP listen</source>
        <translation>HTTP annehmen</translation>
    </message>
    <message>
        <source>Makes a message of every HTTP request, and answers when it is safely stored.</source>
        <translation>Macht aus jeder HTTP-Anfrage eine Nachricht und antwortet, wenn sie sicher gespeichert ist.</translation>
    </message>
    <message>
        <source>Port</source>
        <translation>Port</translation>
    </message>
    <message>
        <source>The TCP port to listen on.</source>
        <translation>Der TCP-Port, an dem gelauscht wird.</translation>
    </message>
    <message>
        <source>Host</source>
        <translation>Host</translation>
    </message>
    <message>
        <source>The address to listen on; 0.0.0.0 lets other machines in.</source>
        <translation>Die Adresse, an der gelauscht wird; 0.0.0.0 lässt andere Rechner herein.</translation>
    </message>
    <message>
        <source>Path</source>
        <translation>Pfad</translation>
    </message>
    <message>
        <source>Requests to this path, and to paths below it, are taken.</source>
        <translation>Anfragen an diesen Pfad, und an Pfade darunter, werden angenommen.</translation>
    </message>
    <message>
        <source>Methods</source>
        <translation>Methoden</translation>
    </message>
    <message>
        <source>HTTP methods that are taken.</source>
        <translation>HTTP-Methoden, die angenommen werden.</translation>
    </message>
    <message>
        <source>Respond</source>
        <translation>Antworten</translation>
    </message>
    <message>
        <source>Have the caller wait for an http_respond at the end of the flow.</source>
        <translation>Den Aufrufer auf ein http_respond am Ende des Ablaufs warten lassen.</translation>
    </message>
    <message>
        <source>Timeout</source>
        <translation>Zeitgrenze</translation>
    </message>
    <message>
        <source>After how long a caller is told that it took too long.</source>
        <translation>Nach welcher Zeit ein Aufrufer hört, dass es zu lange dauerte.</translation>
    </message>
    <message>
        <source>Max body</source>
        <translation>Größter Rumpf</translation>
    </message>
    <message>
        <source>How large a request may be.</source>
        <translation>Wie groß eine Anfrage sein darf.</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>Wartende</translation>
    </message>
    <message>
        <source>Requests that may wait for room in the flow.</source>
        <translation>Anfragen, die auf Platz im Ablauf warten dürfen.</translation>
    </message>
    <message>
        <source>Connections</source>
        <translation>Verbindungen</translation>
    </message>
    <message>
        <source>Callers that may be connected at the same time.</source>
        <translation>Aufrufer, die zugleich verbunden sein dürfen.</translation>
    </message>
    <message>
        <source>HTTP request</source>
        <translation>HTTP-Anfrage</translation>
    </message>
    <message>
        <source>Asks a web server, once for every message; the answer is the result.</source>
        <translation>Fragt einen Webserver, einmal für jede Nachricht; die Antwort ist das Ergebnis.</translation>
    </message>
    <message>
        <source>URL</source>
        <translation>URL</translation>
    </message>
    <message>
        <source>The address; {expressions} are filled in.</source>
        <translation>Die Adresse; {Ausdrücke} werden eingesetzt.</translation>
    </message>
    <message>
        <source>Method</source>
        <translation>Methode</translation>
    </message>
    <message>
        <source>The HTTP method.</source>
        <translation>Die HTTP-Methode.</translation>
    </message>
    <message>
        <source>Query</source>
        <translation>Abfrage</translation>
    </message>
    <message>
        <source>What follows the ? of the address; {expressions} are filled in.</source>
        <translation>Was hinter dem ? der Adresse steht; {Ausdrücke} werden eingesetzt.</translation>
    </message>
    <message>
        <source>Headers</source>
        <translation>Kopfzeilen</translation>
    </message>
    <message>
        <source>Headers; {expressions} are filled in.</source>
        <translation>Kopfzeilen; {Ausdrücke} werden eingesetzt.</translation>
    </message>
    <message>
        <source>Body</source>
        <translation>Rumpf</translation>
    </message>
    <message>
        <source>Python expression for what is sent; by default the content, if the method sends one.</source>
        <translation>Python-Ausdruck für das, was gesendet wird; üblich ist der Inhalt, wenn die Methode etwas sendet.</translation>
    </message>
    <message>
        <source>Response</source>
        <translation>Antwort</translation>
    </message>
    <message>
        <source>What the answer becomes.</source>
        <translation>Was aus der Antwort wird.</translation>
    </message>
    <message>
        <source>Accept</source>
        <translation>Annehmen</translation>
    </message>
    <message>
        <source>Further statuses that mean success, besides 200 to 299.</source>
        <translation>Weitere Statuszahlen, die Erfolg bedeuten, neben 200 bis 299.</translation>
    </message>
    <message>
        <source>Redirects</source>
        <translation>Umleitungen</translation>
    </message>
    <message>
        <source>Whether to go where the server points.</source>
        <translation>Ob dorthin gegangen wird, wohin der Server zeigt.</translation>
    </message>
    <message>
        <source>Verify</source>
        <translation>Prüfen</translation>
    </message>
    <message>
        <source>Whether a server&apos;s certificate must be valid.</source>
        <translation>Ob das Zertifikat eines Servers gültig sein muss.</translation>
    </message>
    <message>
        <source>How long one answer may take.</source>
        <translation>Wie lange eine Antwort dauern darf.</translation>
    </message>
    <message>
        <source>Max size</source>
        <translation>Höchste Größe</translation>
    </message>
    <message>
        <source>How large one answer may be.</source>
        <translation>Wie groß eine Antwort sein darf.</translation>
    </message>
    <message>
        <source>Concurrency</source>
        <translation>Gleichzeitig</translation>
    </message>
    <message>
        <source>Requests under way at the same time.</source>
        <translation>Anfragen, die zugleich unterwegs sind.</translation>
    </message>
    <message>
        <source>HTTP respond</source>
        <translation>HTTP beantworten</translation>
    </message>
    <message>
        <source>Answers the HTTP request that a message came from.</source>
        <translation>Beantwortet die HTTP-Anfrage, aus der eine Nachricht kam.</translation>
    </message>
    <message>
        <source>Listener</source>
        <translation>Annahme</translation>
    </message>
    <message>
        <source>Id of the http_listen, in the same subflow; /id: of the whole flow.</source>
        <translation>Id des http_listen im selben Teilablauf; /id: des ganzen Ablaufs.</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>The HTTP status, or a Python expression for it.</source>
        <translation>Die HTTP-Statuszahl, oder ein Python-Ausdruck dafür.</translation>
    </message>
    <message>
        <source>Python expression for what is sent; a mapping or a list becomes JSON.</source>
        <translation>Python-Ausdruck für das, was gesendet wird; eine Zuordnung oder Liste wird JSON.</translation>
    </message>
    <message>
        <source>Join</source>
        <translation>Zusammenführen</translation>
    </message>
    <message>
        <source>Puts messages of several inputs together that have the same key.</source>
        <translation>Fügt Nachrichten mehrerer Eingänge zusammen, die denselben Schlüssel haben.</translation>
    </message>
    <message>
        <source>Python expression for the key; or one for each input.</source>
        <translation>Python-Ausdruck für den Schlüssel; oder einer für jeden Eingang.</translation>
    </message>
    <message>
        <source>Inputs</source>
        <translation>Eingänge</translation>
    </message>
    <message>
        <source>The inputs, two or more.</source>
        <translation>Die Eingänge, zwei oder mehr.</translation>
    </message>
    <message>
        <source>Inputs whose latest message of a key stays and is used again and again.</source>
        <translation>Eingänge, deren neueste Nachricht eines Schlüssels bleibt und immer wieder verwendet wird.</translation>
    </message>
    <message>
        <source>Window</source>
        <translation>Fenster</translation>
    </message>
    <message>
        <source>How long a message waits for its partners; 0: until the run ends.</source>
        <translation>Wie lange eine Nachricht auf ihre Partner wartet; 0: bis der Lauf endet.</translation>
    </message>
    <message>
        <source>Into</source>
        <translation>Wohin</translation>
    </message>
    <message>
        <source>Content by input, or all fields in one mapping.</source>
        <translation>Inhalt nach Eingängen, oder alle Felder in einer Zuordnung.</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>Protokoll</translation>
    </message>
    <message>
        <source>Writes messages to the processor&apos;s log and passes them on unchanged.</source>
        <translation>Schreibt Nachrichten in das Protokoll des Prozessors und reicht sie unverändert weiter.</translation>
    </message>
    <message>
        <source>Log every n-th message: 1 for each.</source>
        <translation>Jede n-te Nachricht protokollieren: 1 für jede.</translation>
    </message>
    <message>
        <source>Level</source>
        <translation>Stufe</translation>
    </message>
    <message>
        <source>The level of the lines.</source>
        <translation>Die Stufe der Zeilen.</translation>
    </message>
    <message>
        <source>Prefix</source>
        <translation>Vorsatz</translation>
    </message>
    <message>
        <source>What each line begins with.</source>
        <translation>Womit jede Zeile beginnt.</translation>
    </message>
    <message>
        <source>Show the attributes too.</source>
        <translation>Auch die Attribute zeigen.</translation>
    </message>
    <message>
        <source>Map</source>
        <translation>Abbilden</translation>
    </message>
    <message>
        <source>Makes a new content, fields or attributes by expressions.</source>
        <translation>Macht durch Ausdrücke einen neuen Inhalt, neue Felder oder Attribute.</translation>
    </message>
    <message>
        <source>Python expression for the new content.</source>
        <translation>Python-Ausdruck für den neuen Inhalt.</translation>
    </message>
    <message>
        <source>Set</source>
        <translation>Setzen</translation>
    </message>
    <message>
        <source>Field to Python expression; the other fields stay as they are.</source>
        <translation>Feld zu Python-Ausdruck; die anderen Felder bleiben, wie sie sind.</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Fields to leave out.</source>
        <translation>Felder, die weggelassen werden.</translation>
    </message>
    <message>
        <source>Attribute to Python expression; None takes the attribute away.</source>
        <translation>Attribut zu Python-Ausdruck; None nimmt das Attribut weg.</translation>
    </message>
    <message>
        <source>Merge</source>
        <translation>Sammeln</translation>
    </message>
    <message>
        <source>Makes one message of several: by count, size, age or key, or the parts of a split.</source>
        <translation>Macht aus mehreren Nachrichten eine: nach Zahl, Größe, Alter oder Schlüssel, oder aus den Teilen einer Zerlegung.</translation>
    </message>
    <message>
        <source>Send as soon as so many messages wait; 0: however many.</source>
        <translation>Senden, sobald so viele Nachrichten warten; 0: wie viele auch immer.</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Send as soon as so many bytes wait, such as 1MB; 0: however many.</source>
        <translation>Senden, sobald so viele Bytes warten, etwa 1MB; 0: wie viele auch immer.</translation>
    </message>
    <message>
        <source>Send when the first message has waited so long, such as 10s; 0: however long.</source>
        <translation>Senden, wenn die erste Nachricht so lange gewartet hat, etwa 10s; 0: wie lange auch immer.</translation>
    </message>
    <message>
        <source>Python expression; only messages with equal values come together.</source>
        <translation>Python-Ausdruck; nur Nachrichten mit gleichen Werten kommen zusammen.</translation>
    </message>
    <message>
        <source>What the contents become together.</source>
        <translation>Was aus den Inhalten gemeinsam wird.</translation>
    </message>
    <message>
        <source>Separator</source>
        <translation>Trennzeichen</translation>
    </message>
    <message>
        <source>What stands between the contents in text or bytes.</source>
        <translation>Was in Texten oder Bytes zwischen den Inhalten steht.</translation>
    </message>
    <message>
        <source>Reassemble</source>
        <translation>Wieder zusammensetzen</translation>
    </message>
    <message>
        <source>Put together what `split` parted, when all parts are there.</source>
        <translation>Zusammensetzen, was `split` zerlegt hat, wenn alle Teile da sind.</translation>
    </message>
    <message>
        <source>Read CSV</source>
        <translation>CSV lesen</translation>
    </message>
    <message>
        <source>Reads the rows of tables; each row is a message, rows that are wrong go to `failure`.</source>
        <translation>Liest die Zeilen von Tabellen; jede Zeile ist eine Nachricht, falsche Zeilen gehen zu `failure`.</translation>
    </message>
    <message>
        <source>The file, or a pattern such as *.csv.gz; relative to the flow file&apos;s folder.</source>
        <translation>Die Datei, oder ein Muster wie *.csv.gz; vom Ordner der Ablaufdatei aus.</translation>
    </message>
    <message>
        <source>Header</source>
        <translation>Kopfzeile</translation>
    </message>
    <message>
        <source>Whether the first row holds the names of the columns.</source>
        <translation>Ob die erste Zeile die Namen der Spalten enthält.</translation>
    </message>
    <message>
        <source>Columns</source>
        <translation>Spalten</translation>
    </message>
    <message>
        <source>Names of the columns, instead of those in the header.</source>
        <translation>Namen der Spalten, statt derer in der Kopfzeile.</translation>
    </message>
    <message>
        <source>Types</source>
        <translation>Typen</translation>
    </message>
    <message>
        <source>Types of columns, by name or number; the others are text.</source>
        <translation>Typen von Spalten, nach Name oder Nummer; die anderen sind Text.</translation>
    </message>
    <message>
        <source>Infer</source>
        <translation>Erschließen</translation>
    </message>
    <message>
        <source>Find out the types of the other columns from the first 1,000 rows.</source>
        <translation>Die Typen der anderen Spalten aus den ersten 1.000 Zeilen erschließen.</translation>
    </message>
    <message>
        <source>Delimiter</source>
        <translation>Trennzeichen</translation>
    </message>
    <message>
        <source>What stands between cells.</source>
        <translation>Was zwischen Zellen steht.</translation>
    </message>
    <message>
        <source>Quotechar</source>
        <translation>Anführungszeichen</translation>
    </message>
    <message>
        <source>What stands around cells that hold a delimiter or a line end.</source>
        <translation>Was um Zellen steht, die ein Trennzeichen oder Zeilenende enthalten.</translation>
    </message>
    <message>
        <source>Encoding</source>
        <translation>Kodierung</translation>
    </message>
    <message>
        <source>How its text is written, for example utf-8, latin-1 or utf-16.</source>
        <translation>Wie der Text geschrieben ist, etwa utf-8, latin-1 oder utf-16.</translation>
    </message>
    <message>
        <source>Errors</source>
        <translation>Fehler</translation>
    </message>
    <message>
        <source>Bytes that are not in the encoding become U+FFFD (replace), or end the reading (strict).</source>
        <translation>Bytes, die nicht zur Kodierung passen, werden U+FFFD (replace) oder beenden das Lesen (strict).</translation>
    </message>
    <message>
        <source>Give every message the attributes `path` and `line`.</source>
        <translation>Jeder Nachricht die Attribute `path` und `line` geben.</translation>
    </message>
    <message>
        <source>Read files</source>
        <translation>Dateien lesen</translation>
    </message>
    <message>
        <source>Watches a folder; each file that comes is a message.</source>
        <translation>Beobachtet einen Ordner; jede Datei, die kommt, ist eine Nachricht.</translation>
    </message>
    <message>
        <source>The folder, relative to the flow file&apos;s folder.</source>
        <translation>Der Ordner, vom Ordner der Ablaufdatei aus.</translation>
    </message>
    <message>
        <source>Pattern</source>
        <translation>Muster</translation>
    </message>
    <message>
        <source>Which files: a pattern for their names, such as *.csv.</source>
        <translation>Welche Dateien: ein Muster für ihre Namen, etwa *.csv.</translation>
    </message>
    <message>
        <source>Recursive</source>
        <translation>Auch Unterordner</translation>
    </message>
    <message>
        <source>Look into the folders inside it too.</source>
        <translation>Auch in die Ordner darin schauen.</translation>
    </message>
    <message>
        <source>Read the files as text, for example utf-8; without it they are bytes.</source>
        <translation>Die Dateien als Text lesen, etwa utf-8; ohne dies sind es Bytes.</translation>
    </message>
    <message>
        <source>How often to look.</source>
        <translation>Wie oft nachgesehen wird.</translation>
    </message>
    <message>
        <source>Settle</source>
        <translation>Ruhezeit</translation>
    </message>
    <message>
        <source>How long a file must be unchanged before it is taken.</source>
        <translation>Wie lange eine Datei unverändert sein muss, bevor sie genommen wird.</translation>
    </message>
    <message>
        <source>After</source>
        <translation>Danach</translation>
    </message>
    <message>
        <source>What becomes of a file when its message is safely stored.</source>
        <translation>Was aus einer Datei wird, wenn ihre Nachricht sicher gespeichert ist.</translation>
    </message>
    <message>
        <source>Move to</source>
        <translation>Verschieben nach</translation>
    </message>
    <message>
        <source>The folder that files are moved to, with `after: move`.</source>
        <translation>Der Ordner, in den Dateien verschoben werden, mit `after: move`.</translation>
    </message>
    <message>
        <source>Once</source>
        <translation>Einmal</translation>
    </message>
    <message>
        <source>End when every file that was there has been taken, instead of watching.</source>
        <translation>Enden, wenn jede vorhandene Datei genommen ist, statt weiter zu beobachten.</translation>
    </message>
    <message>
        <source>Read lines</source>
        <translation>Zeilen lesen</translation>
    </message>
    <message>
        <source>Reads the lines of files, compressed or growing; each line is a message.</source>
        <translation>Liest die Zeilen von Dateien, gepackt oder wachsend; jede Zeile ist eine Nachricht.</translation>
    </message>
    <message>
        <source>The file, or a pattern such as logs/*.gz; relative to the flow file&apos;s folder.</source>
        <translation>Die Datei, oder ein Muster wie logs/*.gz; vom Ordner der Ablaufdatei aus.</translation>
    </message>
    <message>
        <source>Skip header</source>
        <translation>Kopf überspringen</translation>
    </message>
    <message>
        <source>How many lines at the start of each file to leave out.</source>
        <translation>Wie viele Zeilen am Anfang jeder Datei ausgelassen werden.</translation>
    </message>
    <message>
        <source>Follow</source>
        <translation>Verfolgen</translation>
    </message>
    <message>
        <source>Wait for more at the end of the file instead of ending.</source>
        <translation>Am Ende der Datei auf mehr warten, statt zu enden.</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>Beginn</translation>
    </message>
    <message>
        <source>Where to begin following files that are there already.</source>
        <translation>Wo in Dateien begonnen wird, die schon da sind.</translation>
    </message>
    <message>
        <source>Retry until</source>
        <translation>Wiederholen bis</translation>
    </message>
    <message>
        <source>Holds a message until a condition is met, or sends it round again until it is.</source>
        <translation>Hält eine Nachricht, bis eine Bedingung erfüllt ist, oder schickt sie bis dahin im Kreis.</translation>
    </message>
    <message>
        <source>Until</source>
        <translation>Bis</translation>
    </message>
    <message>
        <source>Python expression; it may use age, attempt, now and exists(path) too.</source>
        <translation>Python-Ausdruck; er darf auch age, attempt, now und exists(path) verwenden.</translation>
    </message>
    <message>
        <source>How long to wait before the next look, such as 5s.</source>
        <translation>Wie lange bis zum nächsten Nachsehen gewartet wird, etwa 5s.</translation>
    </message>
    <message>
        <source>After how long a message goes to `timeout`; 0: it waits for ever.</source>
        <translation>Nach welcher Zeit eine Nachricht zu `timeout` geht; 0: sie wartet ewig.</translation>
    </message>
    <message>
        <source>Loop</source>
        <translation>Schleife</translation>
    </message>
    <message>
        <source>Send waiting messages round by an output `retry`, to be made anew.</source>
        <translation>Wartende Nachrichten über einen Ausgang `retry` im Kreis schicken, um neu gemacht zu werden.</translation>
    </message>
    <message>
        <source>Route</source>
        <translation>Verteilen</translation>
    </message>
    <message>
        <source>Sends each message to the output whose rule it meets.</source>
        <translation>Schickt jede Nachricht zu dem Ausgang, dessen Regel sie erfüllt.</translation>
    </message>
    <message>
        <source>Rules</source>
        <translation>Regeln</translation>
    </message>
    <message>
        <source>Output to Python expression over content, attributes and params.</source>
        <translation>Ausgang zu Python-Ausdruck über content, attributes und params.</translation>
    </message>
    <message>
        <source>Otherwise</source>
        <translation>Sonst</translation>
    </message>
    <message>
        <source>The output of messages that meet no rule.</source>
        <translation>Der Ausgang für Nachrichten, die keine Regel erfüllen.</translation>
    </message>
    <message>
        <source>Match</source>
        <translation>Treffer</translation>
    </message>
    <message>
        <source>Whether a message goes by the first rule it meets, or by all.</source>
        <translation>Ob eine Nachricht nach der ersten Regel geht, die sie erfüllt, oder nach allen.</translation>
    </message>
    <message>
        <source>Run command</source>
        <translation>Programm ausführen</translation>
    </message>
    <message>
        <source>Runs a program for every message; its output is the result.</source>
        <translation>Führt für jede Nachricht ein Programm aus; dessen Ausgabe ist das Ergebnis.</translation>
    </message>
    <message>
        <source>Command</source>
        <translation>Befehl</translation>
    </message>
    <message>
        <source>Program and arguments, as a list; {expressions} are filled in.</source>
        <translation>Programm und Argumente, als Liste; {Ausdrücke} werden eingesetzt.</translation>
    </message>
    <message>
        <source>Shell</source>
        <translation>Shell</translation>
    </message>
    <message>
        <source>Have a shell run `command`, which is one text then.</source>
        <translation>Eine Shell `command` ausführen lassen, das dann ein Text ist.</translation>
    </message>
    <message>
        <source>Input</source>
        <translation>Eingang</translation>
    </message>
    <message>
        <source>Python expression for what the program reads; null: nothing.</source>
        <translation>Python-Ausdruck für das, was das Programm liest; null: nichts.</translation>
    </message>
    <message>
        <source>Output</source>
        <translation>Ausgang</translation>
    </message>
    <message>
        <source>What the program&apos;s output becomes.</source>
        <translation>Was aus der Ausgabe des Programms wird.</translation>
    </message>
    <message>
        <source>Environment</source>
        <translation>Umgebung</translation>
    </message>
    <message>
        <source>Further variables; {expressions} are filled in.</source>
        <translation>Weitere Variablen; {Ausdrücke} werden eingesetzt.</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>Where the program runs, relative to the flow file.</source>
        <translation>Wo das Programm läuft, von der Ablaufdatei aus.</translation>
    </message>
    <message>
        <source>Exit statuses that mean success.</source>
        <translation>Endstatus, die Erfolg bedeuten.</translation>
    </message>
    <message>
        <source>Split</source>
        <translation>Zerlegen</translation>
    </message>
    <message>
        <source>Makes several messages of one: the items of a list, the lines of a text, pieces of a size.</source>
        <translation>Macht aus einer Nachricht mehrere: die Einträge einer Liste, die Zeilen eines Textes, Stücke einer Größe.</translation>
    </message>
    <message>
        <source>Items</source>
        <translation>Einträge</translation>
    </message>
    <message>
        <source>Python expression for what is to be split.</source>
        <translation>Python-Ausdruck für das, was zerlegt wird.</translation>
    </message>
    <message>
        <source>Where text or bytes are parted; by default at line ends, or by `size`.</source>
        <translation>Wo Text oder Bytes getrennt werden; üblich an Zeilenenden, oder nach `size`.</translation>
    </message>
    <message>
        <source>Items (or lines) a part; for text without a separator, characters; 0: every item for itself.</source>
        <translation>Einträge (oder Zeilen) je Teil; bei Text ohne Trennzeichen Zeichen; 0: jeder Eintrag für sich.</translation>
    </message>
    <message>
        <source>SQL query</source>
        <translation>SQL-Abfrage</translation>
    </message>
    <message>
        <source>Reads rows of a database, on its own or for every message.</source>
        <translation>Liest Zeilen einer Datenbank, von sich aus oder für jede Nachricht.</translation>
    </message>
    <message>
        <source>The query; :name stands for a value.</source>
        <translation>Die Abfrage; :name steht für einen Wert.</translation>
    </message>
    <message>
        <source>The database, for example sqlite:///orders.db or postgresql://host/name.</source>
        <translation>Die Datenbank, etwa sqlite:///orders.db oder postgresql://host/name.</translation>
    </message>
    <message>
        <source>URL secret</source>
        <translation>Geheime URL</translation>
    </message>
    <message>
        <source>Name of a secret that holds the database&apos;s URL, instead of `url`.</source>
        <translation>Name eines Geheimnisses, das die URL der Datenbank enthält, statt `url`.</translation>
    </message>
    <message>
        <source>Be a source: run the query once.</source>
        <translation>Eine Quelle sein: die Abfrage einmal ausführen.</translation>
    </message>
    <message>
        <source>Be a source: run the query again and again, such as 30s.</source>
        <translation>Eine Quelle sein: die Abfrage immer wieder ausführen, etwa alle 30s.</translation>
    </message>
    <message>
        <source>Cursor</source>
        <translation>Zeiger</translation>
    </message>
    <message>
        <source>Column that grows; :cursor in the query is its last value.</source>
        <translation>Spalte, die wächst; :cursor in der Abfrage ist ihr letzter Wert.</translation>
    </message>
    <message>
        <source>What :cursor is at the beginning.</source>
        <translation>Was :cursor am Anfang ist.</translation>
    </message>
    <message>
        <source>Values</source>
        <translation>Werte</translation>
    </message>
    <message>
        <source>Name to Python expression; by default a name is a field of the content.</source>
        <translation>Name zu Python-Ausdruck; üblich ist ein Name ein Feld des Inhalts.</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>Ergebnis</translation>
    </message>
    <message>
        <source>A message a row, or one list for each message.</source>
        <translation>Eine Nachricht je Zeile, oder eine Liste je Nachricht.</translation>
    </message>
    <message>
        <source>SQL write</source>
        <translation>SQL schreiben</translation>
    </message>
    <message>
        <source>Writes messages to a database: inserts, updates by key, or runs a statement.</source>
        <translation>Schreibt Nachrichten in eine Datenbank: fügt ein, ändert nach Schlüssel, oder führt eine Anweisung aus.</translation>
    </message>
    <message>
        <source>Table</source>
        <translation>Tabelle</translation>
    </message>
    <message>
        <source>The table to write to; schema.table if it is not in the usual schema.</source>
        <translation>Die Tabelle, in die geschrieben wird; schema.table, wenn sie nicht im üblichen Schema ist.</translation>
    </message>
    <message>
        <source>Columns by which a row is known: one that is there is changed.</source>
        <translation>Spalten, an denen eine Zeile erkannt wird: eine vorhandene wird geändert.</translation>
    </message>
    <message>
        <source>Fields of the content to write; by default all.</source>
        <translation>Felder des Inhalts, die geschrieben werden; üblich alle.</translation>
    </message>
    <message>
        <source>Column (or :name) to Python expression, instead of the content&apos;s fields.</source>
        <translation>Spalte (oder :name) zu Python-Ausdruck, statt der Felder des Inhalts.</translation>
    </message>
    <message>
        <source>Statement</source>
        <translation>Anweisung</translation>
    </message>
    <message>
        <source>A statement of your own instead of `table`; :name stands for a value.</source>
        <translation>Eine eigene Anweisung statt `table`; :name steht für einen Wert.</translation>
    </message>
    <message>
        <source>Exactly once</source>
        <translation>Genau einmal</translation>
    </message>
    <message>
        <source>Note in the database what was written, in a table `pyfi_applied`.</source>
        <translation>In der Datenbank vermerken, was geschrieben wurde, in einer Tabelle `pyfi_applied`.</translation>
    </message>
    <message>
        <source>Remember</source>
        <translation>Merken</translation>
    </message>
    <message>
        <source>How long those notes are kept.</source>
        <translation>Wie lange diese Vermerke bleiben.</translation>
    </message>
    <message>
        <source>Throttle</source>
        <translation>Drosseln</translation>
    </message>
    <message>
        <source>Lets so many messages pass in each period; the others wait in their queue.</source>
        <translation>Lässt in jedem Zeitraum so viele Nachrichten durch; die anderen warten in ihrer Warteschlange.</translation>
    </message>
    <message>
        <source>Messages</source>
        <translation>Nachrichten</translation>
    </message>
    <message>
        <source>How many messages may pass in each period.</source>
        <translation>Wie viele Nachrichten in jedem Zeitraum durchkommen.</translation>
    </message>
    <message>
        <source>Period</source>
        <translation>Zeitraum</translation>
    </message>
    <message>
        <source>How long a period is, such as 1s or 1m.</source>
        <translation>Wie lang ein Zeitraum ist, etwa 1s oder 1m.</translation>
    </message>
    <message>
        <source>Validate</source>
        <translation>Prüfen</translation>
    </message>
    <message>
        <source>Checks messages against a JSON Schema.</source>
        <translation>Prüft Nachrichten gegen ein JSON-Schema.</translation>
    </message>
    <message>
        <source>Schema</source>
        <translation>Schema</translation>
    </message>
    <message>
        <source>A JSON Schema, here in the flow.</source>
        <translation>Ein JSON-Schema, hier im Ablauf.</translation>
    </message>
    <message>
        <source>Schema file</source>
        <translation>Schemadatei</translation>
    </message>
    <message>
        <source>A JSON file with the schema, relative to the flow file.</source>
        <translation>Eine JSON-Datei mit dem Schema, von der Ablaufdatei aus.</translation>
    </message>
    <message>
        <source>Formats</source>
        <translation>Formate</translation>
    </message>
    <message>
        <source>Also check formats such as date-time and email.</source>
        <translation>Auch Formate wie date-time und email prüfen.</translation>
    </message>
    <message>
        <source>Most errors</source>
        <translation>Meiste Fehler</translation>
    </message>
    <message>
        <source>How many errors to list on an invalid message.</source>
        <translation>Wie viele Fehler an einer ungültigen Nachricht aufgezählt werden.</translation>
    </message>
    <message>
        <source>Write CSV</source>
        <translation>CSV schreiben</translation>
    </message>
    <message>
        <source>Writes each message as a row of a table, exactly once.</source>
        <translation>Schreibt jede Nachricht als Zeile einer Tabelle, genau einmal.</translation>
    </message>
    <message>
        <source>The file, relative to the flow file&apos;s folder; .gz, .bz2, .xz and .zst are compressed.</source>
        <translation>Die Datei, vom Ordner der Ablaufdatei aus; .gz, .bz2, .xz und .zst werden gepackt.</translation>
    </message>
    <message>
        <source>The columns, in order; none: the keys of the first message.</source>
        <translation>Die Spalten, der Reihe nach; keine: die Schlüssel der ersten Nachricht.</translation>
    </message>
    <message>
        <source>Begin the file with the names of the columns.</source>
        <translation>Die Datei mit den Namen der Spalten beginnen.</translation>
    </message>
    <message>
        <source>Missing</source>
        <translation>Fehlende</translation>
    </message>
    <message>
        <source>A message without one of the columns has an empty cell there, or fails.</source>
        <translation>Eine Nachricht ohne eine der Spalten hat dort eine leere Zelle, oder schlägt fehl.</translation>
    </message>
    <message>
        <source>Extra</source>
        <translation>Überzählige</translation>
    </message>
    <message>
        <source>A message with other keys fails, or is written without them.</source>
        <translation>Eine Nachricht mit anderen Schlüsseln schlägt fehl, oder wird ohne sie geschrieben.</translation>
    </message>
    <message>
        <source>How text is written, for example utf-8 or latin-1.</source>
        <translation>Wie Text geschrieben wird, etwa utf-8 oder latin-1.</translation>
    </message>
    <message>
        <source>Append</source>
        <translation>Anhängen</translation>
    </message>
    <message>
        <source>Add to what the file holds when a run begins, instead of overwriting.</source>
        <translation>An das anhängen, was die Datei zu Beginn eines Laufs enthält, statt sie zu überschreiben.</translation>
    </message>
    <message>
        <source>Sync</source>
        <translation>Sichern</translation>
    </message>
    <message>
        <source>Have every batch on the disk before it counts as done; slower.</source>
        <translation>Jeden Stapel auf dem Datenträger haben, bevor er als erledigt gilt; langsamer.</translation>
    </message>
    <message>
        <source>Write files</source>
        <translation>Dateien schreiben</translation>
    </message>
    <message>
        <source>Writes each message to a file of its own in a folder.</source>
        <translation>Schreibt jede Nachricht in eine eigene Datei eines Ordners.</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>The file&apos;s name: text with {id}, {n} and {attributes}; none: attribute filename, else {id}-{n}.bin.</source>
        <translation>Der Name der Datei: Text mit {id}, {n} und {Attributen}; leer: Attribut filename, sonst {id}-{n}.bin.</translation>
    </message>
    <message>
        <source>Have every file on the disk before its message counts as done; slower.</source>
        <translation>Jede Datei auf dem Datenträger haben, bevor ihre Nachricht als erledigt gilt; langsamer.</translation>
    </message>
    <message>
        <source>Write lines</source>
        <translation>Zeilen schreiben</translation>
    </message>
    <message>
        <source>Writes each message as a line of a file, exactly once.</source>
        <translation>Schreibt jede Nachricht als Zeile einer Datei, genau einmal.</translation>
    </message>
    <message>
        <source>Newlines</source>
        <translation>Zeilenenden</translation>
    </message>
    <message>
        <source>A text with line ends inside fails, has them written as \n, or is written as it is.</source>
        <translation>Ein Text mit Zeilenenden darin schlägt fehl, bekommt sie als \n geschrieben, oder wird geschrieben, wie er ist.</translation>
    </message>
    <message>
        <source>What is shown; the id stays.</source>
        <translation>Was gezeigt wird; die Id bleibt.</translation>
    </message>
    <message>
        <source>Color</source>
        <translation>Farbe</translation>
    </message>
    <message>
        <source>A colour to tell it by.</source>
        <translation>Eine Farbe zum Wiedererkennen.</translation>
    </message>
    <message>
        <source>Enabled</source>
        <translation>Eingeschaltet</translation>
    </message>
    <message>
        <source>Whether it takes part in runs.</source>
        <translation>Ob es an Läufen teilnimmt.</translation>
    </message>
    <message>
        <source>Code from git</source>
        <translation>Code aus Git</translation>
    </message>
    <message>
        <source>A commit&apos;s code, in the place of code that is written here.</source>
        <translation>Der Code eines Commits, an Stelle von Code, der hier steht.</translation>
    </message>
    <message>
        <source>Repository</source>
        <translation>Repository</translation>
    </message>
    <message>
        <source>Its address; a path starts at the flow file&apos;s folder.</source>
        <translation>Seine Adresse; ein Pfad beginnt beim Ordner der Ablaufdatei.</translation>
    </message>
    <message>
        <source>must be an address or a path, without a password: use ssh, or git&apos;s own store of passwords</source>
        <translation>muss eine Adresse oder ein Pfad sein, ohne Passwort: verwenden Sie ssh oder die Passwortverwaltung von Git</translation>
    </message>
    <message>
        <source>Commit</source>
        <translation>Commit</translation>
    </message>
    <message>
        <source>A commit&apos;s hash, which never means other code; or a tag or a branch.</source>
        <translation>Der Hash eines Commits, der nie anderen Code bedeutet; oder ein Tag oder Branch.</translation>
    </message>
    <message>
        <source>must not begin with &apos;-&apos;</source>
        <translation>darf nicht mit „-“ beginnen</translation>
    </message>
    <message>
        <source>Module</source>
        <translation>Modul</translation>
    </message>
    <message>
        <source>Which module of it, with dots: ext.processors.sample.</source>
        <translation>Welches Modul daraus, mit Punkten: ext.processors.sample.</translation>
    </message>
    <message>
        <source>must be a dotted module name, such as ext.processors.sample</source>
        <translation>muss ein Modulname mit Punkten sein, etwa ext.processors.sample</translation>
    </message>
    <message>
        <source>Requirements</source>
        <translation>Anforderungen</translation>
    </message>
    <message>
        <source>A file in it that lists the packages it needs.</source>
        <translation>Eine Datei darin, die die benötigten Pakete aufzählt.</translation>
    </message>
    <message>
        <source>Function</source>
        <translation>Funktion</translation>
    </message>
    <message>
        <source>Which function of the code is called; by default the only one, or `process`.</source>
        <translation>Welche Funktion des Codes aufgerufen wird; üblich die einzige, oder `process`.</translation>
    </message>
    <message>
        <source>Batch</source>
        <translation>Stapelweise</translation>
    </message>
    <message>
        <source>Give the function a list of contents instead of one.</source>
        <translation>Der Funktion eine Liste von Inhalten geben statt eines.</translation>
    </message>
    <message>
        <source>Packages that the code needs, such as pandas&gt;=2; `-r FILE` is a file that lists them.</source>
        <translation>Pakete, die der Code braucht, etwa pandas&gt;=2; `-r DATEI` ist eine Datei, die sie auflistet.</translation>
    </message>
    <message>
        <source>Python version</source>
        <translation>Python-Version</translation>
    </message>
    <message>
        <source>The version of Python, such as 3.12; none: the flow&apos;s, or PYFI&apos;s own.</source>
        <translation>Die Version von Python, etwa 3.12; keine: die des Ablaufs, oder die von PYFI selbst.</translation>
    </message>
    <message>
        <source>must be a version such as 3.12</source>
        <translation>muss eine Version wie 3.12 sein</translation>
    </message>
    <message>
        <source>Tests</source>
        <translation>Proben</translation>
    </message>
    <message>
        <source>Messages to try it on, and what is to come of them.</source>
        <translation>Nachrichten, an denen es ausprobiert wird, und was daraus werden soll.</translation>
    </message>
    <message>
        <source>What it shows.</source>
        <translation>Was sie zeigt.</translation>
    </message>
    <message>
        <source>The message&apos;s content.</source>
        <translation>Der Inhalt der Nachricht.</translation>
    </message>
    <message>
        <source>The message&apos;s attributes.</source>
        <translation>Die Attribute der Nachricht.</translation>
    </message>
    <message>
        <source>The input that it comes to.</source>
        <translation>Der Eingang, zu dem sie kommt.</translation>
    </message>
    <message>
        <source>Expected</source>
        <translation>Erwartet</translation>
    </message>
    <message>
        <source>By output: the contents that are to come. None: it is only run.</source>
        <translation>Nach Ausgängen: die Inhalte, die kommen sollen. Nichts: es wird nur ausgeführt.</translation>
    </message>
    <message>
        <source>The inputs; an empty list makes it a source.</source>
        <translation>Die Eingänge; eine leere Liste macht es zur Quelle.</translation>
    </message>
    <message>
        <source>a port&apos;s name is letters, digits, - and _, at most 200</source>
        <translation>der Name eines Anschlusses besteht aus Buchstaben, Ziffern, - und _, höchstens 200</translation>
    </message>
    <message>
        <source>Outputs</source>
        <translation>Ausgänge</translation>
    </message>
    <message>
        <source>The outputs.</source>
        <translation>Die Ausgänge.</translation>
    </message>
    <message>
        <source>Dropped outputs</source>
        <translation>Verworfene Ausgänge</translation>
    </message>
    <message>
        <source>Outputs whose messages are dropped on purpose.</source>
        <translation>Ausgänge, deren Nachrichten absichtlich verworfen werden.</translation>
    </message>
    <message>
        <source>Schedule</source>
        <translation>Zeitplan</translation>
    </message>
    <message>
        <source>When it runs; by default a source once, any other whenever there is input.</source>
        <translation>Wann es läuft; üblich eine Quelle einmal, alles andere, wenn etwas da ist.</translation>
    </message>
    <message>
        <source>How many batches it works on at the same time.</source>
        <translation>An wie vielen Stapeln zugleich gearbeitet wird.</translation>
    </message>
    <message>
        <source>Retry</source>
        <translation>Wiederholung</translation>
    </message>
    <message>
        <source>What happens to a message whose call raised an error.</source>
        <translation>Was mit einer Nachricht geschieht, deren Aufruf einen Fehler hatte.</translation>
    </message>
    <message>
        <source>Attempts</source>
        <translation>Versuche</translation>
    </message>
    <message>
        <source>How often it is tried again.</source>
        <translation>Wie oft es noch einmal versucht wird.</translation>
    </message>
    <message>
        <source>Penalty</source>
        <translation>Wartezeit</translation>
    </message>
    <message>
        <source>How long it waits before.</source>
        <translation>Wie lange sie davor wartet.</translation>
    </message>
    <message>
        <source>How long one call may take.</source>
        <translation>Wie lange ein Aufruf dauern darf.</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>Speicher</translation>
    </message>
    <message>
        <source>How much memory its process may take.</source>
        <translation>Wie viel Speicher der Prozess nehmen darf.</translation>
    </message>
    <message>
        <source>Secrets</source>
        <translation>Geheimnisse</translation>
    </message>
    <message>
        <source>Names of the secrets it may read.</source>
        <translation>Namen der Geheimnisse, die es lesen darf.</translation>
    </message>
    <message>
        <source>Replicas</source>
        <translation>Kopien</translation>
    </message>
    <message>
        <source>How many copies a cluster runs, by how much waits.</source>
        <translation>Wie viele Kopien ein Cluster ausführt, je nachdem, wie viel wartet.</translation>
    </message>
    <message>
        <source>At least</source>
        <translation>Mindestens</translation>
    </message>
    <message>
        <source>At least.</source>
        <translation>Mindestens.</translation>
    </message>
    <message>
        <source>At most</source>
        <translation>Höchstens</translation>
    </message>
    <message>
        <source>At most.</source>
        <translation>Höchstens.</translation>
    </message>
    <message>
        <source>Node labels</source>
        <translation>Knotenmerkmale</translation>
    </message>
    <message>
        <source>Labels of the nodes where it may run.</source>
        <translation>Merkmale der Knoten, auf denen es laufen darf.</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>How its state is kept; by default by its type.</source>
        <translation>Wie der Zustand aufgehoben wird; üblich nach dem Typ.</translation>
    </message>
    <message>
        <source>Notes</source>
        <translation>Hinweise</translation>
    </message>
    <message>
        <source>What others should know, in Markdown.</source>
        <translation>Was andere wissen sollten, in Markdown.</translation>
    </message>
    <message>
        <source>Mode</source>
        <translation>Modus</translation>
    </message>
    <message>
        <source>One process a message, or one a batch with a line for each.</source>
        <translation>Ein Prozess je Nachricht, oder einer je Stapel mit einer Zeile für jede.</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>Parameter</translation>
    </message>
    <message>
        <source>Values for the subflow&apos;s parameters.</source>
        <translation>Werte für die Parameter des Teilablaufs.</translation>
    </message>
    <message>
        <source>What is shown on the connection.</source>
        <translation>Was an der Verbindung gezeigt wird.</translation>
    </message>
    <message>
        <source>Limit</source>
        <translation>Grenze</translation>
    </message>
    <message>
        <source>How much may wait before the sender pauses; 0 is no limit.</source>
        <translation>Wie viel warten darf, bevor der Absender pausiert; 0 heißt ohne Grenze.</translation>
    </message>
    <message>
        <source>Messages.</source>
        <translation>Nachrichten.</translation>
    </message>
    <message>
        <source>Their size together.</source>
        <translation>Ihre Größe zusammen.</translation>
    </message>
    <message>
        <source>Expire</source>
        <translation>Verfall</translation>
    </message>
    <message>
        <source>How old a message may become while it waits; 0s: as old as it likes.</source>
        <translation>Wie alt eine Nachricht beim Warten werden darf; 0s: so alt, wie sie mag.</translation>
    </message>
    <message>
        <source>Priority</source>
        <translation>Vorrang</translation>
    </message>
    <message>
        <source>Which message is next.</source>
        <translation>Welche Nachricht die nächste ist.</translation>
    </message>
    <message>
        <source>must be fifo, lifo, oldest or attribute:NAME</source>
        <translation>muss fifo, lifo, oldest oder attribute:NAME sein</translation>
    </message>
    <message>
        <source>Breakpoint</source>
        <translation>Haltepunkt</translation>
    </message>
    <message>
        <source>Hold the messages here until they are let go.</source>
        <translation>Die Nachrichten hier halten, bis sie freigegeben werden.</translation>
    </message>
    <message>
        <source>Fuse</source>
        <translation>Verschmelzen</translation>
    </message>
    <message>
        <source>Let both ends run together without a queue where that is possible.</source>
        <translation>Beide Enden ohne Warteschlange zusammen laufen lassen, wo das möglich ist.</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>Text</translation>
    </message>
    <message>
        <source>What it says, in Markdown.</source>
        <translation>Was sie sagt, in Markdown.</translation>
    </message>
    <message>
        <source>The colour of the paper.</source>
        <translation>Die Farbe des Papiers.</translation>
    </message>
    <message>
        <source>The flow&apos;s name.</source>
        <translation>Der Name des Ablaufs.</translation>
    </message>
    <message>
        <source>Packages that all its Python processors have, beside their own.</source>
        <translation>Pakete, die alle seine Python-Prozessoren haben, neben ihren eigenen.</translation>
    </message>
    <message>
        <source>The inputs of the subflow.</source>
        <translation>Die Eingänge des Teilablaufs.</translation>
    </message>
    <message>
        <source>The outputs of the subflow.</source>
        <translation>Die Ausgänge des Teilablaufs.</translation>
    </message>
</context>
<context>
    <name>settings</name>
    <message>
        <source>As the system</source>
        <translation>Wie das System</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Dunkel</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation>Aussehen</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>Farbschema</translation>
    </message>
    <message>
        <source>Dark or light; as the system follows it while PYFI is open.</source>
        <translation>Dunkel oder hell; wie das System folgt ihm, solange PYFI offen ist.</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>How large texts, buttons and the canvas at its actual size are.</source>
        <translation>Wie groß Texte, Knöpfe und die Zeichenfläche in tatsächlicher Größe sind.</translation>
    </message>
    <message>
        <source>Font</source>
        <translation>Schrift</translation>
    </message>
    <message>
        <source>Of everything but code.</source>
        <translation>Von allem außer Code.</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Sprache</translation>
    </message>
    <message>
        <source>Spoken from the next start on.</source>
        <translation>Gilt vom nächsten Start an.</translation>
    </message>
    <message>
        <source>Code</source>
        <translation>Code</translation>
    </message>
    <message>
        <source>Font of code</source>
        <translation>Schrift für Code</translation>
    </message>
    <message>
        <source>In the editor, results, messages and logs.</source>
        <translation>Im Editor, in Ergebnissen, Nachrichten und Protokollen.</translation>
    </message>
    <message>
        <source>Size of code</source>
        <translation>Größe von Code</translation>
    </message>
    <message>
        <source>In points, before the size of the interface counts; 0 is as large as the interface.</source>
        <translation>In Punkt, bevor die Größe der Oberfläche zählt; 0 ist so groß wie die Oberfläche.</translation>
    </message>
    <message>
        <source>Canvas</source>
        <translation>Zeichenfläche</translation>
    </message>
    <message>
        <source>Snap to the grid</source>
        <translation>Am Raster ausrichten</translation>
    </message>
    <message>
        <source>What is moved or added goes to the nearest line; Alt lets go of it.</source>
        <translation>Was verschoben oder hinzugefügt wird, geht zur nächsten Linie; Alt lässt davon los.</translation>
    </message>
    <message>
        <source>Grid</source>
        <translation>Raster</translation>
    </message>
    <message>
        <source>Distance of its lines, in pixels at actual size.</source>
        <translation>Abstand der Linien, in Bildpunkten bei tatsächlicher Größe.</translation>
    </message>
    <message>
        <source>Ask</source>
        <translation>Fragen</translation>
    </message>
    <message>
        <source>Let them run</source>
        <translation>Weiterlaufen lassen</translation>
    </message>
    <message>
        <source>Stop them</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>What becomes of running flows. They can go on without the window; stopped, they go on from there another time.</source>
        <translation>Was aus laufenden Abläufen wird. Sie können ohne das Fenster weiterlaufen; angehalten, gehen sie ein andermal von dort weiter.</translation>
    </message>
    <message>
        <source>Running</source>
        <translation>Ausführung</translation>
    </message>
    <message>
        <source>When the window is closed</source>
        <translation>Wenn das Fenster geschlossen wird</translation>
    </message>
    <message>
        <source>Folder of packages</source>
        <translation>Ordner mit Paketen</translation>
    </message>
    <message>
        <source>Environments are made of the wheels and packages of npm in this folder, and nothing else is asked.</source>
        <translation>Umgebungen entstehen aus den Wheels und npm-Paketen in diesem Ordner; sonst wird niemand gefragt.</translation>
    </message>
    <message>
        <source>from the network</source>
        <translation>aus dem Netz</translation>
    </message>
    <message>
        <source>Repositories allowed</source>
        <translation>Erlaubte Repositorien</translation>
    </message>
    <message>
        <source>Those that code may come from, with spaces between them; * stands for anything.</source>
        <translation>Aus denen Code kommen darf, mit Leerzeichen dazwischen; * steht für Beliebiges.</translation>
    </message>
    <message>
        <source>any</source>
        <translation>alle</translation>
    </message>
    <message>
        <source>The variable {} of the environment says it.</source>
        <translation>Die Umgebungsvariable {} legt es fest.</translation>
    </message>
    <message>
        <source>Look for a newer version</source>
        <translation>Nach einer neueren Fassung sehen</translation>
    </message>
    <message>
        <source>At each start, at the address updates_url of the settings of this machine; nothing is sent but the question.</source>
        <translation>Bei jedem Start, an der Adresse updates_url der Einstellungen dieses Rechners; gesendet wird nur die Frage.</translation>
    </message>
    <message>
        <source>Saving and places</source>
        <translation>Speichern und Orte</translation>
    </message>
</context>
<context>
    <name>whats this</name>
    <message>
        <source>Makes an empty flow and shows it. It is saved in the flow database from the start.</source>
        <translation>Macht einen leeren Ablauf und zeigt ihn. Er ist von Anfang an in der Datenbank gespeichert.</translation>
    </message>
    <message>
        <source>Opens a flow file (YAML or JSON). The flow goes on living in the database; Save to File writes the file.</source>
        <translation>Öffnet eine Ablaufdatei (YAML oder JSON). Der Ablauf lebt in der Datenbank weiter; In Datei speichern schreibt die Datei.</translation>
    </message>
    <message>
        <source>Opens one of the flows in the flow database.</source>
        <translation>Öffnet einen der Abläufe in der Datenbank.</translation>
    </message>
    <message>
        <source>Shows the first page: examples, the flows you opened last, and a new one. Open flows stay open.</source>
        <translation>Zeigt die erste Seite: Beispiele, zuletzt geöffnete Abläufe und einen neuen. Offene Abläufe bleiben offen.</translation>
    </message>
    <message>
        <source>Writes the flow to its file. In the database it is saved by itself, after every edit.</source>
        <translation>Schreibt den Ablauf in seine Datei. In der Datenbank wird er von selbst nach jeder Änderung gespeichert.</translation>
    </message>
    <message>
        <source>Writes the flow to another file, which is its file from then on.</source>
        <translation>Schreibt den Ablauf in eine andere Datei, die von da an seine Datei ist.</translation>
    </message>
    <message>
        <source>Closes the flow in front. It stays in the database, and goes on running if it runs.</source>
        <translation>Schließt den vorderen Ablauf. Er bleibt in der Datenbank und läuft weiter, wenn er läuft.</translation>
    </message>
    <message>
        <source>Opens the settings: looks, language, grid, keys, what becomes of running flows at the end.</source>
        <translation>Öffnet die Einstellungen: Aussehen, Sprache, Raster, Tasten, was am Ende aus laufenden Abläufen wird.</translation>
    </message>
    <message>
        <source>Closes the desktop. If flows run, you are asked whether they go on.</source>
        <translation>Schließt das Programm. Laufen Abläufe, werden Sie gefragt, ob sie weiterlaufen.</translation>
    </message>
    <message>
        <source>Takes the last edit back: layout, settings and code alike. Every flow has a history of its own.</source>
        <translation>Nimmt die letzte Änderung zurück: Anordnung, Einstellungen und Code gleichermaßen. Jeder Ablauf hat seinen eigenen Verlauf.</translation>
    </message>
    <message>
        <source>Makes the edit again that was taken back last.</source>
        <translation>Macht die zuletzt zurückgenommene Änderung noch einmal.</translation>
    </message>
    <message>
        <source>Puts the selected parts on the clipboard and takes them out of the flow.</source>
        <translation>Legt die ausgewählten Teile in die Zwischenablage und nimmt sie aus dem Ablauf.</translation>
    </message>
    <message>
        <source>Puts the selected parts on the clipboard, for this or another flow; other programs get them as YAML.</source>
        <translation>Legt die ausgewählten Teile in die Zwischenablage, für diesen oder einen anderen Ablauf; andere Programme bekommen sie als YAML.</translation>
    </message>
    <message>
        <source>Puts the parts on the clipboard where the pointer is, or into the middle.</source>
        <translation>Setzt die Teile aus der Zwischenablage dorthin, wo der Zeiger ist, oder in die Mitte.</translation>
    </message>
    <message>
        <source>Makes a second copy of the selected parts beside them.</source>
        <translation>Macht eine zweite Kopie der ausgewählten Teile daneben.</translation>
    </message>
    <message>
        <source>Takes the selected parts out, with the connections that lose an end.</source>
        <translation>Nimmt die ausgewählten Teile heraus, samt den Verbindungen, die ein Ende verlieren.</translation>
    </message>
    <message>
        <source>Takes the selected steps out and joins what was before them to what was behind them.</source>
        <translation>Nimmt die ausgewählten Schritte heraus und verbindet, was davor war, mit dem, was dahinter war.</translation>
    </message>
    <message>
        <source>Selects everything on this level of the flow.</source>
        <translation>Wählt alles auf dieser Ebene des Ablaufs aus.</translation>
    </message>
    <message>
        <source>Selects everything that leads to the selected steps.</source>
        <translation>Wählt alles aus, was zu den ausgewählten Schritten führt.</translation>
    </message>
    <message>
        <source>Selects everything that the selected steps lead to.</source>
        <translation>Wählt alles aus, wohin die ausgewählten Schritte führen.</translation>
    </message>
    <message>
        <source>Searches for a processor, subflow, port or label and puts it on the canvas. Tab on the canvas does the same.</source>
        <translation>Sucht einen Prozessor, Teilablauf, Anschluss oder eine Notiz und setzt sie auf die Zeichenfläche. Tab auf der Zeichenfläche tut dasselbe.</translation>
    </message>
    <message>
        <source>Begins a connection at the selected step: Tab or the arrows choose where it leads, Return joins, Esc does not.</source>
        <translation>Beginnt eine Verbindung am ausgewählten Schritt: Tab oder Pfeile wählen, wohin sie führt, Eingabe verbindet, Esc nicht.</translation>
    </message>
    <message>
        <source>Gives the selected step another name. Its id, which connections and counters go by, stays.</source>
        <translation>Gibt dem ausgewählten Schritt einen anderen Namen. Seine Id, nach der Verbindungen und Zähler gehen, bleibt.</translation>
    </message>
    <message>
        <source>Opens the text of the selected note where it lies. Return or a double click on the note does the same.</source>
        <translation>Öffnet den Text der gewählten Notiz dort, wo sie liegt. Eingabe oder ein Doppelklick auf die Notiz tun dasselbe.</translation>
    </message>
    <message>
        <source>Gives the selected cards, connections or labels a colour.</source>
        <translation>Gibt den gewählten Karten, Verbindungen oder Notizen eine Farbe.</translation>
    </message>
    <message>
        <source>Opens the menu of whatever has the keyboard: the selected part, a row of a list.</source>
        <translation>Öffnet das Menü dessen, was die Tastatur hat: des ausgewählten Teils, einer Zeile einer Liste.</translation>
    </message>
    <message>
        <source>Makes everything on the canvas larger.</source>
        <translation>Macht alles auf der Zeichenfläche größer.</translation>
    </message>
    <message>
        <source>Makes everything on the canvas smaller.</source>
        <translation>Macht alles auf der Zeichenfläche kleiner.</translation>
    </message>
    <message>
        <source>Shows the whole level, never larger than its actual size.</source>
        <translation>Zeigt die ganze Ebene, nie größer als in tatsächlicher Größe.</translation>
    </message>
    <message>
        <source>Shows what is selected, as large as it fits.</source>
        <translation>Zeigt, was ausgewählt ist, so groß es passt.</translation>
    </message>
    <message>
        <source>Shows cards in their actual size.</source>
        <translation>Zeigt Karten in tatsächlicher Größe.</translation>
    </message>
    <message>
        <source>Goes back to the level that was shown before; in code, to where the cursor was before a jump.</source>
        <translation>Geht zurück zur Ebene, die davor gezeigt wurde; im Code dahin, wo der Cursor vor einem Sprung war.</translation>
    </message>
    <message>
        <source>Goes forward again among the levels that were shown, or the places in code.</source>
        <translation>Geht unter den gezeigten Ebenen oder den Stellen im Code wieder vorwärts.</translation>
    </message>
    <message>
        <source>Shows what is inside the selected subflow. A double click on it does the same.</source>
        <translation>Zeigt, was im gewählten Teilablauf ist. Ein Doppelklick darauf tut dasselbe.</translation>
    </message>
    <message>
        <source>Goes one level up, out of the subflow that is shown.</source>
        <translation>Geht eine Ebene hinauf, aus dem gezeigten Teilablauf hinaus.</translation>
    </message>
    <message>
        <source>Gives the keyboard to the next of: the canvas, the tool bars, the panels that are seen, the flows&apos; tabs.</source>
        <translation>Gibt die Tastatur dem nächsten von: Zeichenfläche, Werkzeugleisten, sichtbare Bereiche, Reiter der Abläufe.</translation>
    </message>
    <message>
        <source>Gives the keyboard to the one before of: the canvas, the tool bars, the panels, the flows&apos; tabs.</source>
        <translation>Gibt die Tastatur dem vorigen von: Zeichenfläche, Werkzeugleisten, Bereiche, Reiter der Abläufe.</translation>
    </message>
    <message>
        <source>Finds parts of the flow on all levels by their names, types, settings, code, or by how they are.</source>
        <translation>Findet Teile des Ablaufs auf allen Ebenen nach Name, Typ, Einstellungen, Code, oder danach, wie sie sind.</translation>
    </message>
    <message>
        <source>Finds any action by its words and carries it out.</source>
        <translation>Findet jede Aktion nach ihren Wörtern und führt sie aus.</translation>
    </message>
    <message>
        <source>Changes between the dark and the light theme.</source>
        <translation>Wechselt zwischen dunklem und hellem Farbschema.</translation>
    </message>
    <message>
        <source>Runs the flow as it is drawn. Edits of a running flow take effect at once; nothing that waits is lost.</source>
        <translation>Startet den Ablauf, wie er gezeichnet ist. Änderungen an einem laufenden Ablauf wirken sofort; nichts Wartendes geht verloren.</translation>
    </message>
    <message>
        <source>Stops the flow. What waits in its queues stays, and the flow goes on from there when it is run again.</source>
        <translation>Hält den Ablauf an. Was in seinen Warteschlangen wartet, bleibt, und er geht von dort weiter, wenn er wieder gestartet wird.</translation>
    </message>
    <message>
        <source>Has the flow begin nothing more for a while, with everything kept ready: it goes on at once.</source>
        <translation>Lässt den Flow eine Weile nichts mehr beginnen und hält alles bereit: Er kann sofort weitergehen.</translation>
    </message>
    <message>
        <source>Has a flow that is paused go on.</source>
        <translation>Lässt einen Flow weitergehen, der pausiert.</translation>
    </message>
    <message>
        <source>Starts what is deployed on the target as it is there, without what was drawn since.</source>
        <translation>Startet, was auf dem Ziel bereitgestellt ist, wie es dort ist, ohne was seither gezeichnet wurde.</translation>
    </message>
    <message>
        <source>Asks how many workers of the cluster are to run the selected processor, with what is fused to it.</source>
        <translation>Fragt, wie viele Worker des Clusters den gewählten Prozessor ausführen sollen, mit allem, was damit verschmolzen ist.</translation>
    </message>
    <message>
        <source>Takes the deployment away from its target with all that it holds, after a question. The flow stays here.</source>
        <translation>Entfernt das Bereitgestellte nach einer Rückfrage vom Ziel, mit allem, was es enthält. Der Flow bleibt hier.</translation>
    </message>
    <message>
        <source>Names the clusters that flows can be deployed to, and tests whether their servers answer.</source>
        <translation>Nennt die Cluster, auf denen Flows bereitgestellt werden können, und prüft, ob ihre Server antworten.</translation>
    </message>
    <message>
        <source>Starts the selected steps alone; the rest of the flow stays as it is.</source>
        <translation>Startet nur die ausgewählten Schritte; der Rest des Ablaufs bleibt, wie er ist.</translation>
    </message>
    <message>
        <source>Stops the selected steps alone. What comes to them waits in their queues.</source>
        <translation>Hält nur die ausgewählten Schritte an. Was zu ihnen kommt, wartet in ihren Warteschlangen.</translation>
    </message>
    <message>
        <source>Stops real messages at the breakpoints of the selected processor, while the rest of the flow goes on.</source>
        <translation>Hält echte Nachrichten an den Haltepunkten des ausgewählten Prozessors an, während der Rest des Ablaufs weiterläuft.</translation>
    </message>
    <message>
        <source>Has each selected processor do one task, though it is stopped.</source>
        <translation>Lässt jeden ausgewählten Prozessor eine Aufgabe tun, obwohl er angehalten ist.</translation>
    </message>
    <message>
        <source>Stops the selected steps and ends what they are at, at once. The messages go back to their queues: nothing is lost.</source>
        <translation>Hält die ausgewählten Schritte an und bricht sofort ab, woran sie sind. Die Nachrichten gehen in ihre Warteschlangen zurück: Nichts geht verloren.</translation>
    </message>
    <message>
        <source>Has each selected processor work once more on the last message that it took, as a copy.</source>
        <translation>Lässt jeden ausgewählten Prozessor noch einmal an der letzten Nachricht arbeiten, die er nahm, als Kopie.</translation>
    </message>
    <message>
        <source>Asks for a number and lets so many of the messages go that the selected breakpoint holds.</source>
        <translation>Fragt nach einer Zahl und gibt so viele Nachrichten frei, die der ausgewählte Haltepunkt hält.</translation>
    </message>
    <message>
        <source>Deletes the messages that wait in the selected connections, after a question. They are gone for good.</source>
        <translation>Löscht nach einer Rückfrage die Nachrichten, die in den ausgewählten Verbindungen warten. Sie sind endgültig fort.</translation>
    </message>
    <message>
        <source>Deletes what waits in all connections inside the selected subflows, or in the whole flow, after a question.</source>
        <translation>Löscht nach einer Rückfrage, was in allen Verbindungen der ausgewählten Teilabläufe oder des ganzen Ablaufs wartet.</translation>
    </message>
    <message>
        <source>Lists what came to the selected processor and left it, and draws where a message came from and what became of it.</source>
        <translation>Zeigt, was zum ausgewählten Prozessor kam und ihn verließ, und zeichnet, woher eine Nachricht kam und was aus ihr wurde.</translation>
    </message>
    <message>
        <source>Shows what the selected processor keeps from task to task, and lets it forget that.</source>
        <translation>Zeigt, was der ausgewählte Prozessor von Aufgabe zu Aufgabe aufhebt, und lässt es ihn vergessen.</translation>
    </message>
    <message>
        <source>Takes the warnings and errors off the selected cards, or off all of them. The log keeps them.</source>
        <translation>Nimmt die Warnungen und Fehler von den ausgewählten Karten, oder von allen. Das Protokoll behält sie.</translation>
    </message>
    <message>
        <source>Opens the settings of what is selected in a dialog, whose OK makes one step of the history.</source>
        <translation>Öffnet die Einstellungen des Ausgewählten in einem Dialog, dessen OK ein Schritt des Verlaufs ist.</translation>
    </message>
    <message>
        <source>Opens the settings of the flow or subflow that is shown: its notes, ports, packages and parameters.</source>
        <translation>Öffnet die Einstellungen des gezeigten Ablaufs oder Teilablaufs: Anmerkungen, Anschlüsse, Pakete und Parameter.</translation>
    </message>
    <message>
        <source>Opens the code of the selected processor beside the canvas.</source>
        <translation>Öffnet den Code des ausgewählten Prozessors neben der Zeichenfläche.</translation>
    </message>
    <message>
        <source>Takes the code of the selected processor from a git repository, chosen from lists, and shows what is new there.</source>
        <translation>Nimmt den Code des gewählten Prozessors aus einem Git-Repository, aus Listen gewählt, und zeigt, was dort neu ist.</translation>
    </message>
    <message>
        <source>Compares the flow with a commit of its file, on the canvas too; commits it; settles conflicts of a merge.</source>
        <translation>Vergleicht den Ablauf mit einem Commit seiner Datei, auch auf der Zeichenfläche; schreibt ihn fest; löst Konflikte einer Zusammenführung.</translation>
    </message>
    <message>
        <source>Lists the environments that code runs in, makes those that the flow needs, and takes others away.</source>
        <translation>Listet die Umgebungen auf, in denen Code läuft, stellt die her, die der Ablauf braucht, und entfernt andere.</translation>
    </message>
    <message>
        <source>Lets one message go that the breakpoint on the selected connection holds.</source>
        <translation>Gibt eine Nachricht frei, die der Haltepunkt an der ausgewählten Verbindung hält.</translation>
    </message>
    <message>
        <source>Lets all messages go that the breakpoint on the selected connection holds.</source>
        <translation>Gibt alle Nachrichten frei, die der Haltepunkt an der ausgewählten Verbindung hält.</translation>
    </message>
    <message>
        <source>Lists what waits in the selected connection, with the content of each message.</source>
        <translation>Zeigt, was in der ausgewählten Verbindung wartet, mit dem Inhalt jeder Nachricht.</translation>
    </message>
    <message>
        <source>Shows over time what the selected parts did, or the whole flow if nothing is selected.</source>
        <translation>Zeigt über die Zeit, was die ausgewählten Teile taten, oder der ganze Ablauf, wenn nichts ausgewählt ist.</translation>
    </message>
    <message>
        <source>Lists the messages that failed for good in the selected processor.</source>
        <translation>Zeigt die Nachrichten, die im ausgewählten Prozessor endgültig fehlschlugen.</translation>
    </message>
    <message>
        <source>Selects the step that the selected connection comes from.</source>
        <translation>Wählt den Schritt aus, von dem die ausgewählte Verbindung kommt.</translation>
    </message>
    <message>
        <source>Selects the step that the selected connection leads to.</source>
        <translation>Wählt den Schritt aus, zu dem die ausgewählte Verbindung führt.</translation>
    </message>
    <message>
        <source>Lets the selected steps take part in runs again.</source>
        <translation>Lässt die ausgewählten Schritte wieder an Läufen teilnehmen.</translation>
    </message>
    <message>
        <source>Leaves the selected steps out of runs. What comes to them waits.</source>
        <translation>Lässt die ausgewählten Schritte bei Läufen aus. Was zu ihnen kommt, wartet.</translation>
    </message>
    <message>
        <source>Makes a subflow of the selected steps, with ports where connections are cut.</source>
        <translation>Macht aus den ausgewählten Schritten einen Teilablauf, mit Anschlüssen, wo Verbindungen durchtrennt werden.</translation>
    </message>
    <message>
        <source>Moves the selected parts out of this subflow to the level above, connected as they were.</source>
        <translation>Bringt die ausgewählten Teile aus diesem Teilablauf auf die Ebene darüber, verbunden wie zuvor.</translation>
    </message>
    <message>
        <source>Writes the selected subflow, with all that it needs, to a flow file of its own.</source>
        <translation>Schreibt den ausgewählten Teilablauf mit allem, was er braucht, in eine eigene Ablaufdatei.</translation>
    </message>
    <message>
        <source>Brings what is selected to the middle, at the scale there is.</source>
        <translation>Bringt, was ausgewählt ist, in die Mitte, ohne zu vergrößern.</translation>
    </message>
    <message>
        <source>Puts what is inside the selected subflow in its place.</source>
        <translation>Setzt, was im ausgewählten Teilablauf ist, an seine Stelle.</translation>
    </message>
    <message>
        <source>Draws the selected subflows as frames with what is inside, where they are; what is around makes room.</source>
        <translation>Zeichnet die ausgewählten Teilabläufe als Rahmen mit ihrem Inhalt, dort, wo sie sind; was darum liegt, macht Platz.</translation>
    </message>
    <message>
        <source>Makes cards of the selected frames again, or of the one in which you work.</source>
        <translation>Macht aus den ausgewählten Rahmen wieder Karten, oder aus dem, in dem Sie arbeiten.</translation>
    </message>
    <message>
        <source>Keeps the selected parts, or a subflow, as a pattern in the library, to be used again in any flow.</source>
        <translation>Hebt die ausgewählten Teile oder einen Teilablauf als Muster in der Bibliothek auf, um sie in jedem Ablauf wieder zu verwenden.</translation>
    </message>
    <message>
        <source>Lays the selected steps out, or the whole level, so that connections run from left to right.</source>
        <translation>Ordnet die ausgewählten Schritte oder die ganze Ebene so an, dass Verbindungen von links nach rechts laufen.</translation>
    </message>
    <message>
        <source>Puts the selected cards over all others, selected connections over all other connections.</source>
        <translation>Legt die ausgewählten Karten über alle anderen, ausgewählte Verbindungen über alle anderen Verbindungen.</translation>
    </message>
    <message>
        <source>Puts the selected cards below all others, selected connections below all other connections.</source>
        <translation>Legt die ausgewählten Karten unter alle anderen, ausgewählte Verbindungen unter alle anderen Verbindungen.</translation>
    </message>
    <message>
        <source>Puts the selected cards in line with the leftmost.</source>
        <translation>Bringt die ausgewählten Karten auf eine Linie mit der am weitesten links.</translation>
    </message>
    <message>
        <source>Puts the middles of the selected cards below each other.</source>
        <translation>Bringt die Mitten der ausgewählten Karten untereinander.</translation>
    </message>
    <message>
        <source>Puts the selected cards in line with the rightmost.</source>
        <translation>Bringt die ausgewählten Karten auf eine Linie mit der am weitesten rechts.</translation>
    </message>
    <message>
        <source>Puts the selected cards in line with the uppermost.</source>
        <translation>Bringt die ausgewählten Karten auf eine Linie mit der obersten.</translation>
    </message>
    <message>
        <source>Puts the middles of the selected cards side by side.</source>
        <translation>Bringt die Mitten der ausgewählten Karten nebeneinander.</translation>
    </message>
    <message>
        <source>Puts the selected cards in line with the lowest.</source>
        <translation>Bringt die ausgewählten Karten auf eine Linie mit der untersten.</translation>
    </message>
    <message>
        <source>Leaves equal gaps between the selected cards, from left to right.</source>
        <translation>Lässt gleiche Abstände zwischen den ausgewählten Karten, von links nach rechts.</translation>
    </message>
    <message>
        <source>Leaves equal gaps between the selected cards, from top to bottom.</source>
        <translation>Lässt gleiche Abstände zwischen den ausgewählten Karten, von oben nach unten.</translation>
    </message>
    <message>
        <source>Opens the manual where it is about whatever has the keyboard: a field, a panel, the selected card.</source>
        <translation>Öffnet das Handbuch dort, wo es um das geht, was die Tastatur hat: ein Feld, einen Bereich, die ausgewählte Karte.</translation>
    </message>
    <message>
        <source>Opens the manual&apos;s page about the type of the selected part.</source>
        <translation>Öffnet die Seite des Handbuchs über den Typ des ausgewählten Teils.</translation>
    </message>
    <message>
        <source>Opens the manual at its first page, with contents and search.</source>
        <translation>Öffnet die erste Seite des Handbuchs, mit Inhalt und Suche.</translation>
    </message>
    <message>
        <source>Says in a word what the thing with the keyboard is for.</source>
        <translation>Sagt kurz, wozu das ist, was die Tastatur hat.</translation>
    </message>
    <message>
        <source>The next click says in a word what the thing under the pointer is for.</source>
        <translation>Der nächste Klick sagt kurz, wozu das unter dem Zeiger ist.</translation>
    </message>
    <message>
        <source>Lists the keys of every action and gesture, and gives them to other ones.</source>
        <translation>Zeigt die Tasten jeder Aktion und Geste und gibt sie anderen.</translation>
    </message>
    <message>
        <source>Shows the folder with PYFI&apos;s own log and the reports of its problems.</source>
        <translation>Zeigt den Ordner mit dem eigenen Protokoll von PYFI und den Berichten über Probleme.</translation>
    </message>
    <message>
        <source>Makes a report of how PYFI stands, to copy or to save. It is sent nowhere.</source>
        <translation>Macht einen Bericht über den Zustand von PYFI, zum Kopieren oder Speichern. Er wird nirgendwohin gesendet.</translation>
    </message>
    <message>
        <source>Says which PYFI this is.</source>
        <translation>Sagt, welches PYFI das ist.</translation>
    </message>
    <message>
        <source>The flow: cards are processors and subflows, arrows are connections with their queues. Double-click or Tab adds a part, dragging from port to port connects, a double click configures. Arrow keys go from card to card.</source>
        <translation>Der Ablauf: Karten sind Prozessoren und Teilabläufe, Pfeile sind Verbindungen mit ihren Warteschlangen. Doppelklick oder Tab fügt einen Teil hinzu, Ziehen von Anschluss zu Anschluss verbindet, ein Doppelklick stellt ein. Pfeiltasten gehen von Karte zu Karte.</translation>
    </message>
    <message>
        <source>Examples to begin with, the flows you opened last, and a new one.</source>
        <translation>Beispiele zum Anfangen, zuletzt geöffnete Abläufe und ein neuer.</translation>
    </message>
    <message>
        <source>The open flows. A click brings one to the front; each has a history of its own.</source>
        <translation>Die offenen Abläufe. Ein Klick holt einen nach vorn; jeder hat seinen eigenen Verlauf.</translation>
    </message>
    <message>
        <source>What waits and what runs in the flow in front, what is wrong in it, and whether your last edit is saved.</source>
        <translation>Was im vorderen Ablauf wartet und läuft, was darin falsch ist, und ob Ihre letzte Änderung gespeichert ist.</translation>
    </message>
    <message>
        <source>Where the flow runs: on this machine, or on a cluster that flows are deployed to. Its figures are shown.</source>
        <translation>Wo der Flow läuft: auf diesem Rechner oder auf einem Cluster, auf dem Flows bereitgestellt werden. Dessen Zahlen werden gezeigt.</translation>
    </message>
    <message>
        <source>Parts to drag onto the canvas. A click puts one into the middle.</source>
        <translation>Teile zum Ziehen auf die Zeichenfläche. Ein Klick setzt einen in die Mitte.</translation>
    </message>
    <message>
        <source>Everything that can be added to the flow, by what it is for: drag it to its place, or Return for the middle.</source>
        <translation>Alles, was dem Ablauf hinzugefügt werden kann, nach seinem Zweck: an seinen Platz ziehen, oder Eingabe für die Mitte.</translation>
    </message>
    <message>
        <source>The flow as a tree, with all that is inside its subflows. What is selected here is shown on the canvas.</source>
        <translation>Der Ablauf als Baum, mit allem, was in seinen Teilabläufen ist. Was hier ausgewählt ist, wird auf der Zeichenfläche gezeigt.</translation>
    </message>
    <message>
        <source>The level as a whole. Drag the frame to look elsewhere, turn the wheel to zoom.</source>
        <translation>Die ganze Ebene. Ziehen Sie den Rahmen, um anderswo hinzusehen; das Rad vergrößert.</translation>
    </message>
    <message>
        <source>All flows of the database: Return or a double click opens one, its menu duplicates and deletes.</source>
        <translation>Alle Abläufe der Datenbank: Eingabe oder Doppelklick öffnet einen, das Menü dupliziert und löscht.</translation>
    </message>
    <message>
        <source>Patterns, which are parts to be used again: drag one to the canvas, with Shift its parts one by one.</source>
        <translation>Muster sind Teile zum Wiederverwenden: eines auf die Zeichenfläche ziehen, mit Umschalt seine einzelnen Teile.</translation>
    </message>
    <message>
        <source>Starts, stops, enables and deletes what is selected; with nothing selected, starts and stops the flow.</source>
        <translation>Startet, hält an, schaltet ein und löscht, was ausgewählt ist; ohne Auswahl startet und hält es den Ablauf an.</translation>
    </message>
    <message>
        <source>What keeps the flow from running. A click goes to the part and the setting.</source>
        <translation>Was den Ablauf am Laufen hindert. Ein Klick führt zum Teil und zur Einstellung.</translation>
    </message>
    <message>
        <source>What the steps say, the last 5,000 lines. A step&apos;s name leads to the step.</source>
        <translation>Was die Schritte sagen, die letzten 5.000 Zeilen. Der Name eines Schritts führt zum Schritt.</translation>
    </message>
    <message>
        <source>Shows whatever is selected and changes it: settings, ports, notes, and all of it as YAML.</source>
        <translation>Zeigt, was ausgewählt ist, und ändert es: Einstellungen, Anschlüsse, Hinweise, und alles als YAML.</translation>
    </message>
    <message>
        <source>The code of the selected processor, checked while you type. Ctrl+Enter tries it on a sample.</source>
        <translation>Der Code des ausgewählten Prozessors, beim Tippen geprüft. Strg+Eingabe probiert ihn an einer Probe aus.</translation>
    </message>
    <message>
        <source>What the selected parts, or the whole flow, did over time. Tick what is drawn; the wheel zooms, dragging pans.</source>
        <translation>Was die ausgewählten Teile oder der ganze Ablauf über die Zeit taten. Kreuzen Sie an, was gezeichnet wird; das Rad vergrößert, Ziehen verschiebt.</translation>
    </message>
    <message>
        <source>The machines of the target: what each has to do, its labels, and who takes no work. For clusters only.</source>
        <translation>Die Rechner des Ziels: was jeder zu tun hat, seine Merkmale, und wer keine Arbeit annimmt. Nur für Cluster.</translation>
    </message>
    <message>
        <source>What the sinks of the flow have written: the files, and their first lines.</source>
        <translation>Was die Senken des Ablaufs geschrieben haben: die Dateien und ihre ersten Zeilen.</translation>
    </message>
</context>
</TS>
