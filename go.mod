module lisgate

go 1.26.0

require (
	// the house
	github.com/google/uuid v1.6.0 // sourcedIds that createByProxy allots
	github.com/klauspost/compress v1.20.3 // kept bodies, gzip answers
	github.com/prometheus/client_golang v1.25.0 // /metrics
	go.uber.org/zap v1.28.0 // logs
	golang.org/x/net v0.62.0 // a listener with a limit of connections
	golang.org/x/sync v0.24.0 // the rooms' lives
	golang.org/x/time v0.16.0 // rates per caller
	modernc.org/libc v1.80.1 // of SQLite
	modernc.org/sqlite v1.62.0 // the journal
)

require (
	// config and command line
	github.com/go-viper/mapstructure/v2 v2.4.0 // what viper decodes with
	github.com/mattn/go-isatty v0.0.24 // is a person looking?
	github.com/spf13/cobra v1.10.2
	github.com/spf13/viper v1.21.0
	go.yaml.in/yaml/v3 v3.0.5 // line numbers of mistakes
	golang.org/x/text v0.43.0 // the demo's names
)

require (
	// routes and back ends
	github.com/expr-lang/expr v1.17.8 // filters and mappings
	github.com/go-sql-driver/mysql v1.10.1 // sqldb: MySQL, MariaDB
	github.com/jackc/pgx/v5 v5.12.0 // sqldb: PostgreSQL
	github.com/pkg/sftp v1.13.12 // csvfiles: drop folders elsewhere
	golang.org/x/crypto v0.58.0 // its SSH
)

require (
	// the contracts and their generator
	github.com/beevik/etree v1.8.1
	github.com/hooklift/gowsdl v0.5.0
)

require (
	// tests
	github.com/rogpeppe/go-internal v1.16.0 // stories
	go.uber.org/goleak v1.3.0
	pgregory.net/rapid v1.3.0
)

require (
	filippo.io/edwards25519 v1.2.0 // indirect
	github.com/beorn7/perks v1.0.1 // indirect
	github.com/cespare/xxhash/v2 v2.3.0 // indirect
	github.com/dustin/go-humanize v1.1.0 // indirect
	github.com/emersion/go-ical v0.0.0-20250329121855-f41e73efc392 // indirect
	github.com/fsnotify/fsnotify v1.9.0 // indirect
	github.com/inconshreveable/mousetrap v1.1.0 // indirect
	github.com/jackc/pgpassfile v1.0.0 // indirect
	github.com/jackc/pgservicefile v0.0.0-20240606120523-5a60cdf6a761 // indirect
	github.com/jackc/puddle/v2 v2.2.3 // indirect
	github.com/kr/fs v0.1.0 // indirect
	github.com/munnerz/goautoneg v0.0.0-20191010083416-a7dc8b61c822 // indirect
	github.com/ncruces/go-strftime v1.1.0 // indirect
	github.com/pelletier/go-toml/v2 v2.2.4 // indirect
	github.com/prometheus/client_model v0.6.3 // indirect
	github.com/prometheus/common v0.72.0 // indirect
	github.com/prometheus/procfs v0.22.0 // indirect
	github.com/remyoudompheng/bigfft v0.0.0-20230129092748-24d4a6f8daec // indirect
	github.com/sagikazarmark/locafero v0.11.0 // indirect
	github.com/sourcegraph/conc v0.3.1-0.20240121214520-5f936abd7ae8 // indirect
	github.com/spf13/afero v1.15.0 // indirect
	github.com/spf13/cast v1.10.0 // indirect
	github.com/spf13/pflag v1.0.10 // indirect
	github.com/subosito/gotenv v1.6.0 // indirect
	github.com/teambition/rrule-go v1.8.2 // indirect
	go.uber.org/multierr v1.10.0 // indirect
	golang.org/x/sys v0.49.0 // indirect
	golang.org/x/tools v0.52.0 // indirect
	google.golang.org/protobuf v1.36.12 // indirect
	modernc.org/mathutil v1.7.1 // indirect
	modernc.org/memory v1.12.1 // indirect
)

tool github.com/hooklift/gowsdl/cmd/gowsdl
