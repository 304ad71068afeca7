#requires -Version 7.4
#requires -Modules @{ ModuleName = 'Microsoft.PowerShell.PlatyPS'; ModuleVersion = '1.0' }

<#
.SYNOPSIS
    Makes en-US/LibvirtAudit.dll-Help.xml of the pages of docs/ that describe cmdlets.
.DESCRIPTION
    PlatyPS 1.0 writes an example as it stands in Markdown, fences and all, parts paragraphs with the control character
    U+0080, names hidden parameters in the syntax, and gives links to pages of the repository. A person who asks Get-Help
    at a prompt wants none of these: they are put right here.
.EXAMPLE
    ./tools/Export-Help.ps1
#>
[CmdletBinding()]
param(
    [string] $OutputFolder = "$PSScriptRoot/../en-US"
)

Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'

$command = 'http://schemas.microsoft.com/maml/dev/command/2004/10'
$maml = 'http://schemas.microsoft.com/maml/2004/10'
$dev = 'http://schemas.microsoft.com/maml/dev/2004/10'

# The first block of code is the example's command. Get-Help shows what explains it, and what comes out, behind it.
function Format-Example([Xml.XmlElement] $Example) {
    $introduction = $Example['introduction', $maml]
    $remarks = $Example['remarks', $dev]
    $code = $Example['code', $dev]
    foreach ($paragraph in @($introduction.ChildNodes)) {
        $text = $paragraph.InnerText
        $isCode = $text -match '(?s)^```\w+[^\n]*\n(.*?)\n```$'
        $null = $introduction.RemoveChild($paragraph)
        if ($text -eq [char]0x80) {
            continue
        }

        if ($isCode -and -not $code.HasChildNodes) {
            $code.InnerText = $Matches[1]
            continue
        }

        if ($isCode) {
            $paragraph.InnerText = $Matches[1]
        }

        $null = $remarks.AppendChild($paragraph)
    }

    # Else the next example's title stands right behind.
    $null = $remarks.AppendChild($Example.OwnerDocument.CreateElement('maml', 'para', $maml))
}

$pages = Import-MarkdownCommandHelp -LiteralPath (Get-ChildItem -Path "$PSScriptRoot/../docs" -Filter '*-*.md').FullName
$folder = [IO.Directory]::CreateTempSubdirectory('help-')
try {
    $made = Export-MamlCommandHelp -CommandHelp $pages -OutputFolder $folder.FullName
    $document = [xml]::new()
    $document.Load($made.FullName)
    $names = [Xml.XmlNamespaceManager]::new($document.NameTable)
    $names.AddNamespace('c', $command)
    $names.AddNamespace('m', $maml)

    foreach ($example in $document.SelectNodes('//c:example', $names)) {
        Format-Example $example
    }

    foreach ($page in $pages) {
        foreach ($hidden in $page.Parameters | Where-Object DontShow) {
            foreach ($shown in @($document.SelectNodes("//c:syntaxItem[m:name='$($page.Title)']/c:parameter[m:name='$($hidden.Name)']", $names))) {
                $null = $shown.ParentNode.RemoveChild($shown)
            }
        }
    }

    foreach ($link in @($document.SelectNodes('//m:navigationLink', $names))) {
        $link['uri', $maml].InnerText = ''
        if ($link['linkText', $maml].InnerText -eq 'Online Version') {
            $null = $link.ParentNode.RemoveChild($link)
        }
    }

    $settings = [Xml.XmlWriterSettings]@{ Indent = $true; NewLineChars = "`n"; Encoding = [Text.UTF8Encoding]::new($false) }
    $target = New-Item -ItemType Directory -Path $OutputFolder -Force
    $writer = [Xml.XmlWriter]::Create("$($target.FullName)/$($made.Name)", $settings)
    try {
        $document.Save($writer)
    }
    finally {
        $writer.Dispose()
    }
}
finally {
    $folder.Delete($true)
}
