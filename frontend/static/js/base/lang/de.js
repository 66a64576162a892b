/** German. One line a text, English|Deutsch, sorted by the code points of the English (capital letters first). */
export default `
'{name}' from {time} cannot be opened. {reason}|„{name}“ von {time} ist nicht zu öffnen. {reason}
A hint only: how well the discriminator recognizes each class|Nur ein Hinweis: wie gut der Diskriminator jede Klasse erkennt
A label map|Eine Karte
A label map must be a PNG file.|Eine Karte muss ein PNG sein.
A photo|Ein Foto
A picture can have at most {most} noise regions. Remove one first.|Ein Bild hat höchstens {most} Rauschbereiche. Entferne zuerst einen.
A reference photo|Eine Vorlage
A seed is a whole number from 0 to {most}.|Ein Startwert ist eine ganze Zahl von 0 bis {most}.
A zip of pictures of the current label map, each with new noise, plus label maps and a manifest.|Ein Zip mit Bildern der aktuellen Karte, mit je neuem Rauschen, mit Karten und Verzeichnis.
Add|Dazu
Add a key frame|Schlüsselbild hinzufügen
Add to the region|Zum Bereich hinzufügen
Add two key frames first.|Füge zuerst zwei Schlüsselbilder hinzu.
All|Alle
All nine keys are taken. Unpin a class first.|Alle neun Tasten sind vergeben. Löse zuerst eine Klasse.
Arrow keys move it, Delete removes it.|Pfeiltasten verschieben es, Entf löscht es.
Arrow keys move the cursor, with Shift by {n} pixels. Space starts and ends a stroke.|Pfeiltasten bewegen den Zeiger, mit Umschalt um {n} Punkte. Die Leertaste beginnt und beendet einen Strich.
Arrows|Pfeiltasten
Augmentation set|Augmentationssatz
Back to an earlier result|Zurück zu einem früheren Ergebnis
Back to previous work|Zurück zur vorigen Arbeit
Brush|Pinsel
Brush a noise region|Rauschbereich malen
Cancel|Abbrechen
Cancel a stroke|Strich abbrechen
Cancel the export|Export abbrechen
Canvas at model size|Leinwand in Modellgröße
Canvas at {n}× model size|Leinwand in {n}-facher Modellgröße
Channel {i}|Kanal {i}
Channels|Kanäle
Channels that re-rolls change|Kanäle, die neu gewürfelt werden
Choose a noise region of the first key frame.|Wähle einen Rauschbereich des ersten Schlüsselbilds.
Choose a recreation|Nachbildung wählen
Choose a reference photo|Vorlage wählen
Class options|Klassenoptionen
Classes|Klassen
Classes in use first|Benutzte Klassen zuerst
Clear|Leeren
Clear the label map|Karte leeren
Click an object or draw a box|Objekt anklicken oder Rahmen ziehen
Close|Schließen
Close gaps|Lücken schließen
Close the variations|Varianten schließen
Color of {name}|Farbe von {name}
Color-blind safe colors|Farben für Farbenblinde
Commands|Befehle
Compare with before|Mit vorher vergleichen
Confirm {name}|{name} bestätigen
Copy key frame {n}|Schlüsselbild {n} kopieren
Copy the details|Einzelheiten kopieren
Copy: {name}|Kopieren: {name}
Create the set|Satz erzeugen
Ctrl|Strg
Custom colors|Eigene Farben
Cut|Weg
Cut from a noise region|Aus einem Rauschbereich ausschneiden
Cut from the region|Aus dem Bereich ausschneiden
Delete|Entf
Deselect|Auswahl aufheben
Dismiss|Schließen
Done|Fertig
Drop a photo|Foto loslassen
Earlier work|Frühere Arbeiten
Edit|Bearbeiten
Empty canvas|Leere Leinwand
Enter closes, Esc cancels|Enter schließt, Esc bricht ab
Erase|Radieren
Eraser|Radierer
Everything|Alles
Export the timeline as GIF|Zeitleiste als GIF exportieren
Export the timeline as PNG frames|Zeitleiste als PNG-Bilder exportieren
Export the timeline as WebM|Zeitleiste als WebM exportieren
Fidelity|Treue
File|Datei
Files|Dateien
Fill|Füllen
Fill the selection|Auswahl füllen
Fill the selection with the class|Auswahl mit der Klasse füllen
Fill with {name}|Mit {name} füllen
Find|Suchen
Find a class|Klasse suchen
Find a command|Befehl suchen
Find a command…|Befehl suchen …
Find a shortcut|Tastenkürzel suchen
Find its labels, then edit or recreate it|Klassen finden, dann bearbeiten oder nachbilden
First seed|Erster Startwert
Fit|Einpassen
Fix labels|Karte verbessern
Frame|Bild
Frame of the timeline|Bild der Zeitleiste
Frames per second|Bilder pro Sekunde
Gestures|Gesten
Global noise|Globales Rauschen
Global seed|Globaler Startwert
Heat map|Wärmebild
Heat map of the last step|Wärmebild des letzten Schritts
Hide the class|Klasse ausblenden
Hide {name}|{name} ausblenden
Hold Alt|Alt halten
Hold Space|Leertaste halten
Hold to show the picture before the last step|Halten zeigt das Bild vor dem letzten Schritt
How much of the previous photo to show|Wie viel vom vorigen Foto zu sehen ist
Invert the selection|Auswahl umkehren
It was made with {name} {version}, which may paint differently.|Es entstand mit {name} {version}, das vielleicht anders malt.
Keep the photo|Foto behalten
Keep the rest|Rest behalten
Keep the rest of the picture|Rest des Bildes behalten
Key frame|Schlüsselbild
Key frame {n}, seed {seed}|Schlüsselbild {n}, Startwert {seed}
Key frames|Schlüsselbilder
Keyboard shortcuts|Tastenkürzel
Label fidelity|Kartentreue
Label fidelity (hint)|Kartentreue (Hinweis)
Label fidelity {mean}: orange does not match its label|Kartentreue {mean}: Orange passt nicht zur Karte
Label map|Karte
Label map: paint here|Karte: hier malen
Labels|Karte
Labels are uncertain below this confidence|Darunter gilt eine Klasse als unsicher
Labels beside the photo|Karte neben dem Foto
Labels only|Nur die Karte
Labels over the photo|Karte über dem Foto
Labels: opacity|Karte: Deckkraft
Language: Deutsch|Sprache: English
Larger brush|Größerer Pinsel
Layers|Ebenen
Leave locked regions as they are|Gesperrte Bereiche lassen
Light or dark|Hell oder dunkel
Link copied: {url}|Link kopiert: {url}
Live painting|Malen in Echtzeit
Lock the class|Klasse sperren
Lock the noise of the selected class|Rauschen der gewählten Klasse sperren
Lock {name}|{name} sperren
Locked|Gesperrt
Loop|Schleife
Loop to the first key frame|Zurück zum ersten Schlüsselbild
Mirror left and right|Links und rechts spiegeln
Mirror top and bottom|Oben und unten spiegeln
Model colors|Farben des Modells
Model:|Modell:
Models|Modelle
More|Mehr
Motion|Bewegung
Move|Verschieben
Move only the active region|Nur den aktiven Bereich bewegen
Move the selection|Auswahl verschieben
Name of {name}|Name von {name}
New noise region|Neuer Rauschbereich
New noise region from the selection|Neuer Rauschbereich aus der Auswahl
New project|Neues Projekt
New project started.|Neues Projekt begonnen.
New seed for key frame {n}|Neuer Startwert für Schlüsselbild {n}
Nine others|Neun andere
No heat map|Kein Wärmebild
No match for: {lost}.|Nichts gefunden für: {lost}.
No matching class.|Keine passende Klasse.
No matching command.|Kein passender Befehl.
No model|Kein Modell
No model is ready to paint.|Kein Modell ist bereit.
No noise channels are selected.|Kein Rauschkanal ist gewählt.
Noise|Rauschen
Noise of {name}|Rauschen von {name}
Noise regions|Rauschbereiche
Noise regions: opacity|Rauschbereiche: Deckkraft
Noise-region brush|Rauschpinsel
None|Keine
Not available|Nicht verfügbar
Nothing is painted as {name} yet.|Noch ist nichts als {name} gemalt.
Nothing to change here.|Hier ist nichts zu ändern.
One finger pans, the pen paints|Ein Finger verschiebt, der Stift malt
Only inside the selection, if there is one. Locked classes stay.|Nur in der Auswahl, wenn es eine gibt. Gesperrte Klassen bleiben.
Only the uncertain part|Nur der unsichere Teil
Only {name} is opened: drop one file at a time.|Nur {name} wird geöffnet. Zieh eine Datei nach der anderen hierher.
Opacity of the labels over the photo|Deckkraft der Karte über dem Foto
Open a label map|Karte öffnen
Open a label map…|Karte öffnen …
Open a photo|Foto öffnen
Open a photo first.|Öffne zuerst ein Foto.
Open a project|Projekt öffnen
Open a project…|Projekt öffnen …
Open it for editing|Zum Weitermalen öffnen
Open this picture as|Dieses Bild öffnen als
Opened '{name}'.|„{name}“ geöffnet.
Order|Reihenfolge
Original order|Wie gewürfelt
Paint over the picture with the noise-region brush to give a part of it its own seed.|Male mit dem Rauschpinsel, um einem Teil des Bildes einen eigenen Startwert zu geben.
Paint {name}|{name} malen
Pan|Verschieben
Pan and zoom|Verschieben und zoomen
Panels|Tafeln
Paste: {name}|Einfügen: {name}
Pause live painting|Echtzeit anhalten
Pen|Stift
Pen pressure sets the brush size|Stiftdruck bestimmt die Pinselgröße
Photo|Foto
Photo and hints|Foto und Hinweise
Photo before the last step|Foto vor dem letzten Schritt
Photo only|Nur das Foto
Photo: paint here too|Foto: auch hier malen
Photos|Fotos
Pick class|Klasse aufnehmen
Pictures|Bilder
Pin {name} to a key|{name} auf eine Taste legen
Pinned class {n}|Angeheftete Klasse {n}
Pixels without a class are now blank.|Punkte ohne Klasse sind jetzt leer.
Play the timeline|Zeitleiste abspielen
Point at an object first.|Zeige zuerst auf ein Objekt.
Polygon|Vieleck
Press the new keys for “{name}”. Esc cancels, Backspace removes the shortcut.|Drücke die neuen Tasten für „{name}“. Esc bricht ab, Rücktaste entfernt sie.
Project|Projekt
Projects|Projekte
Re-roll|Würfeln
Re-roll all|Alles würfeln
Re-roll the active region|Aktiven Bereich neu würfeln
Re-roll the object under the pointer|Objekt unter dem Zeiger neu würfeln
Re-roll the selected class|Gewählte Klasse neu würfeln
Re-roll {name}|{name} neu würfeln
Re-rolls change no other pixels|Würfeln ändert keinen anderen Punkt
Reading your photo…|Dein Foto wird gelesen …
Realism|Echtheit
Realism (hint)|Echtheit (Hinweis)
Realism and label fidelity are only the discriminator's guess|Echtheit und Kartentreue sind nur die Vermutung des Diskriminators
Realism {mean}: pink looks least real|Echtheit {mean}: Rosa wirkt am wenigsten echt
Reassign|Übernehmen
Recreate a photo|Foto nachbilden
Recreate a photo…|Foto nachbilden …
Recreation {number}, seed {seed}|Nachbildung {number}, Startwert {seed}
Recreations of your photo|Nachbildungen deines Fotos
Rectangle|Rechteck
Redo|Wiederholen
Redone: {step}|Wiederholt: {step}
Reference|Vorlage
Reference photo|Vorlage
Reference: opacity|Vorlage: Deckkraft
Region|Bereich
Region {id}|Bereich {id}
Regions|Bereiche
Relabel as {name}|In {name} ändern
Release the photo|Foto nicht mehr behalten
Remove key frame {n}|Schlüsselbild {n} entfernen
Remove specks|Flecken entfernen
Remove the reference photo|Vorlage entfernen
Remove the selected pixels|Ausgewählte Punkte entfernen
Remove the selection|Auswahl entfernen
Remove {name}|{name} entfernen
Rename the project|Projekt umbenennen
Rename {name}|{name} umbenennen
Repainted only where labels or noise regions change|Neu gemalt nur, wo Karte oder Rauschen sich ändern
Replace|Ersetzen
Replace or swap classes|Klassen ersetzen oder tauschen
Replace or swap classes…|Klassen ersetzen oder tauschen …
Replace the shared copy|Geteilte Kopie ersetzen
Replace {from} with {to}|{from} durch {to} ersetzen
Reset all|Alle zurücksetzen
Reset: {name}|Zurücksetzen: {name}
Resize to {size}|Größe ändern: {size}
Result {n}, seed {seed}|Ergebnis {n}, Startwert {seed}
Results|Ergebnisse
Round brush|Runder Pinsel
Save an augmentation set|Augmentationssatz speichern
Save an augmentation set…|Augmentationssatz speichern …
Save the label map|Karte speichern
Save the label map in colors|Karte in Farben speichern
Save the picture|Bild speichern
Save the picture as WebP|Bild als WebP speichern
Save the picture first and drop the file, or copy and paste it.|Speichere das Bild zuerst und zieh die Datei hierher, oder kopiere es und füge es ein.
Save the project|Projekt speichern
Save what is there|Speichern, was da ist
Saved as shown, without the latest edits.|So gespeichert, wie es zu sehen ist, ohne die neuesten Änderungen.
Scenes|Szenen
Seconds between key frames|Sekunden zwischen Schlüsselbildern
Seed|Startwert
Seed copied.|Startwert kopiert.
Seed of {name}|Startwert von {name}
Select all|Alles auswählen
Select all of the class|Ganze Klasse auswählen
Select and move|Auswählen und verschieben
Select something first.|Wähle zuerst etwas aus.
Selection|Auswahl
Set|Satz
Set the seed|Startwert setzen
Shape of the brush|Form des Pinsels
Share a link|Link teilen
Shared without undo steps: with them it is too large.|Geteilt ohne Rückgängig-Schritte: mit ihnen ist es zu groß.
Shift|Umschalt
Shift, click|Umschalt, Klick
Shift: all of the class|Umschalt: die ganze Klasse
Shift: equal sides, Alt: from the center|Umschalt: gleiche Seiten, Alt: von der Mitte
Show the labels|Karte zeigen
Show the noise regions|Rauschbereiche zeigen
Show the reference photo|Vorlage zeigen
Show what changed|Änderung zeigen
Sides must be multiples of {stride}, at most {most}.|Seiten müssen Vielfache von {stride} sein, höchstens {most}.
Size|Größe
Skip to the canvas|Zur Leinwand
Slow down at key frames|An Schlüsselbildern langsamer
Smaller brush|Kleinerer Pinsel
Smooth|Glätten
Smooth edges|Kanten glätten
Soft edge|Weicher Rand
Soft edge of {name}|Weicher Rand von {name}
Something went wrong. Your work is still here.|Etwas ging schief. Deine Arbeit ist noch da.
Space|Leertaste
Square brush|Eckiger Pinsel
Start over|Neu anfangen
Starter scenes|Szenen zum Anfangen
Straight line|Gerade Linie
Strength|Stärke
Swap|Tauschen
Swap {from} and {to}|{from} und {to} tauschen
Symmetry|Symmetrie
That is outside the selection. Press Esc to deselect.|Das liegt außerhalb der Auswahl. Esc hebt sie auf.
That noise region no longer exists.|Diesen Rauschbereich gibt es nicht mehr.
The link is in the File menu: {url}|Der Link steht im Dateimenü: {url}
The noise there is locked: unlock it first.|Das Rauschen dort ist gesperrt: zuerst entsperren.
The noise-region brush|Der Rauschpinsel
The previous picture is not available|Das vorige Bild ist nicht mehr da
The seed is selected: press Ctrl+C.|Der Startwert ist markiert: Strg+C drücken.
The server answers, but no live connection (WebSocket) gets through to it. Whoever runs it must let the reverse proxy pass WebSockets and the Host header on.|Der Server antwortet, aber keine Live-Verbindung (WebSocket) kommt zu ihm durch. Wer ihn betreibt, muss den Reverse Proxy WebSockets und den Host-Header weitergeben lassen.
The server failed with status {status}.|Der Server meldet Fehler {status}.
The server is back.|Der Server ist zurück.
The server is not responding. Keep painting: your edits are sent when it is back.|Der Server antwortet nicht. Male weiter: Alles wird gesendet, sobald er zurück ist.
The server is not responding. Your work is still here; try again in a moment.|Der Server antwortet nicht. Deine Arbeit bleibt hier; versuche es gleich noch einmal.
The server sent an unreadable answer.|Die Antwort des Servers ist unlesbar.
The server stores projects of up to {most} MB.|Der Server nimmt Projekte bis {most} MB.
The shared copy was changed elsewhere.|Die geteilte Kopie wurde anderswo geändert.
There is no picture of this yet.|Davon gibt es noch kein Bild.
There is no picture to save yet.|Es gibt noch kein Bild zum Speichern.
This PNG has 16 bits per sample in color. Save it as grayscale or with 8 bits.|Dieses PNG hat 16 Bit je Wert in Farbe. Speichere es in Grau oder mit 8 Bit.
This PNG is damaged: a checksum does not match.|Dieses PNG ist beschädigt: eine Prüfsumme stimmt nicht.
This PNG is damaged: it has no header.|Dieses PNG ist beschädigt: es hat keinen Kopf.
This PNG is damaged: it has the wrong number of pixels.|Dieses PNG ist beschädigt: die Zahl seiner Punkte stimmt nicht.
This PNG is damaged: its bit depth is invalid.|Dieses PNG ist beschädigt: seine Bittiefe ist ungültig.
This PNG is damaged: its header is invalid.|Dieses PNG ist beschädigt: sein Kopf ist ungültig.
This PNG is damaged: its pixels cannot be decompressed.|Dieses PNG ist beschädigt: seine Punkte sind nicht zu entpacken.
This PNG is damaged: its row filter is unknown.|Dieses PNG ist beschädigt: sein Zeilenfilter ist unbekannt.
This PNG is truncated.|Dieses PNG ist abgeschnitten.
This PNG is {width} × {height} pixels; the limit is 4096 per side.|Dieses PNG hat {width} × {height} Punkte; erlaubt sind 4096 je Seite.
This browser cannot draw on a canvas.|Dieser Browser kann nicht auf eine Leinwand zeichnen.
This browser cannot write WebM here: export a GIF, or use https or localhost.|Dieser Browser kann hier kein WebM schreiben: exportiere ein GIF oder nutze https oder localhost.
This browser does not allow pasting: type the seed.|Dieser Browser lässt nicht einfügen: Startwert eintippen.
This browser does not let the page store anything.|Dieser Browser lässt die Seite nichts speichern.
This browser does not let the page store your work. Save it as a project.|Dieser Browser lässt die Seite deine Arbeit nicht speichern. Speichere sie als Projekt.
This browser has no room to store your work. Save it as a project.|Dieser Browser hat keinen Platz für deine Arbeit. Speichere sie als Projekt.
This is neither a seed nor copied noise.|Das ist weder ein Startwert noch kopiertes Rauschen.
This is not a zip file, or it is damaged.|Das ist keine Zip-Datei, oder sie ist beschädigt.
This is not an Oasis Studio project.|Das ist kein Projekt von Oasis Studio.
This label map has transparent pixels, which belong to no class. Save it without them.|Diese Karte hat durchsichtige Punkte, die zu keiner Klasse gehören. Speichere sie ohne.
This label map uses id {id}, which {name} does not have.|Diese Karte nutzt die Nummer {id}, und {name} hat keine solche Klasse.
This noise has too many variations: give it a new seed first.|Dieses Rauschen hat zu viele Varianten: gib ihm zuerst einen neuen Startwert.
This picture has the color rgb({color}), which no class of {name} has.|Dieses Bild hat die Farbe rgb({color}), die keine Klasse von {name} hat.
This picture is in colors, but several classes of {name} share one.|Dieses Bild ist in Farben, aber mehrere Klassen von {name} teilen sich eine.
This project has format version {version}; this page reads version {known}.|Dieses Projekt hat Format {version}; diese Seite liest {known}.
This project is damaged: '{name}' is missing or invalid.|Dieses Projekt ist beschädigt: „{name}“ fehlt oder ist ungültig.
This project was made with {name}, and no model here has such classes.|Dieses Projekt entstand mit {name}; kein Modell hier hat solche Klassen.
This server does not store projects.|Dieser Server speichert keine Projekte.
This zip file is damaged: '{name}' cannot be unpacked.|Diese Zip-Datei ist beschädigt: „{name}“ ist nicht zu entpacken.
This zip file unpacks to more than 1 GB and was not opened.|Diese Zip-Datei enthält mehr als 1 GB und wird nicht geöffnet.
Three others|Drei andere
Timeline|Zeitleiste
Tools|Werkzeuge
Trace it under the labels|Unter der Karte zum Abmalen
Two fingers|Zwei Finger
Uncertain|Unsicher
Uncertain below {share}|Unsicher unter {share}
Uncertain labels|Unsichere Klassen
Undo|Rückgängig
Undone: {step}|Rückgängig: {step}
Unknown classes|Unbekannte Klassen
Unlock {name}|{name} entsperren
Unpin {name} from key {key}|{name} von Taste {key} lösen
Untitled|Ohne Titel
Variation {i}: {name}|Variante {i}: {name}
Variations|Varianten
Variations of|Varianten von
Variations: choose one|Varianten: wähle eine
View|Ansicht
What do you want to do?|Was möchtest du tun?
What is this?|Was ist das?
Wheel|Mausrad
Your photo|Dein Foto
Your work from {time} is back.|Deine Arbeit von {time} ist wieder da.
Zoom at the cursor|Am Zeiger zoomen
Zoom in|Vergrößern
Zoom out|Verkleinern
all|alle
an unknown time|unbekannter Zeit
connecting…|verbinde …
no shortcut|kein Kürzel
off|aus
offline|offline
on|an
or a label map, a reference, a project|oder eine Karte, eine Vorlage, ein Projekt
painting…|malt …
paused|Pause
ready|bereit
with|durch
{count} classes, {size}|{count} Klassen, {size}
{key} is already used by “{name}”.|{key} ist schon für „{name}“ vergeben.
{model} cannot paint its size; it was resized to {size}.|{model} kann nicht in seiner Größe malen: Es hat jetzt {size}.
{name} does not use noise.|{name} malt ohne Rauschen.
{name} has no discriminator that knows classes.|{name} hat keinen Diskriminator, der Klassen kennt.
{name} has one noise for the whole picture.|{name} hat ein Rauschen für das ganze Bild.
{name} is locked. Unlock it in the list of classes.|{name} ist gesperrt. Entsperre es in der Klassenliste.
{name} is locked: unlock it first.|{name} ist gesperrt: zuerst entsperren.
{name} is not available; {model} has classes for {share} % of it.|{name} ist nicht hier; {model} hat Klassen für {share} % davon.
{name} paints, but cannot label photos.|{name} malt, erkennt aber keine Fotos.
{name}, {x} across, {y} down|{name}, {x} quer, {y} hinab
{n} of {all}|{n} von {all}
{seed} + {n} variations|{seed} + {n} Varianten
{share} % of the pixels changed|{share} % der Punkte geändert
{share} of {n} channels|{share} von {n} Kanälen
“{name}” is not a readable picture. Use a PNG, JPEG or WebP file.|„{name}“ ist kein lesbares Bild. Nimm eine PNG-, JPEG- oder WebP-Datei.
`;
