FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags="-s -w" -o /leakwatch ./cmd/leakwatch
RUN mkdir /data

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /leakwatch /leakwatch
# A new volume takes owner and mode from here. Group 0 may write: with docker
# compose another user of that group runs.
COPY --from=build --chown=65532:0 --chmod=0770 /data /data
USER 65532:65532
ENV LEAKWATCH_CONFIG=/etc/leakwatch/leakwatch.yaml LEAKWATCH_DATA=/data
VOLUME /data
EXPOSE 8080
ENTRYPOINT ["/leakwatch"]
CMD ["serve"]
