module dev.puna/templates

go 1.21
